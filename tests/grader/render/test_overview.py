"""grader/render/overview.py."""

from __future__ import annotations

from grader.render.overview import needs_person, render_overview
from grader.result import Result
from tests.grader.render.conftest import absent, course, standing


def test_figures_and_files(result: Result) -> None:
    """Median and mean of what was graded, the time, and where to look."""
    entries = [
        standing(f"s{i}", result.model_copy(update={"earned": float(score), "flags": []}))
        for i, score in enumerate([50, 60, 100])
    ]
    text = render_overview(course(*entries), 461, ["results/gradebook.csv"])
    assert text.startswith("3 graded   median 60   mean 70   7:41\n  results/gradebook.csv\n")
    assert "Need a person" not in text


def test_common_mistakes_are_counted_once_a_submission(result: Result) -> None:
    """What to say in the next lecture: how many students made each mistake."""
    only_l2 = result.model_copy(update={"parts": result.parts[:2]})
    twice = only_l2.model_copy(update={"parts": [only_l2.parts[1], only_l2.parts[1]]})
    text = render_overview(course(standing("a", result), standing("b", twice)), 1, [])
    assert "\nMost common mistakes\n  2  the loss adds reg * sum(W**2)" in text
    assert "\n  1  " in text.split("Most common mistakes")[1]


def test_who_needs_a_person(result: Result) -> None:
    """Flags, what could not be opened, and what the grader failed on."""
    broken = result.model_copy(update={"problem": "the zip is encrypted", "flags": []})
    entries = [
        standing("s1", result),
        standing("s2", broken),
        standing("s3", None, "the grader failed"),
        standing("s4", result.model_copy(update={"flags": []})),
    ]
    assert [bool(needs_person(entry.row())) for entry in entries] == [True, True, True, False]
    text = render_overview(course(*entries), 2.0, [])
    assert text.startswith("3 graded   3 need a person")
    assert "s2  the zip is encrypted" in text
    assert "s3  the grader failed" in text


def test_an_interrupted_batch_without_results() -> None:
    """Nothing done yet is no division by zero."""
    assert render_overview(course(), 0.2, []).startswith("0 graded   0.2 s")


def test_who_handed_in_nothing_is_counted_and_is_nobody_to_look_at(result: Result) -> None:
    """They have no mark, which is not a mark of 0: the mean is that of the others."""
    done = standing("s1", result.model_copy(update={"flags": []}))
    text = render_overview(course(absent("s0"), done), 1, [])
    assert text.startswith("1 graded   1 not handed in   median 50   mean 50")
    assert "Need a person" not in text
