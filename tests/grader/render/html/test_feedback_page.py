"""grader/render/html/feedback_page.py."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.made_up_class import made_up_class
from grader.render.feedback import feedback as markdown
from grader.render.html.feedback_page import feedback, marked, write
from grader.result import Result
from grader.standing import Adjustment, Standing
from tests.grader.render.conftest import L2, absent, course, standing
from tests.grader.render.html.test_class_page import HOSTILE, Page

_WHEN = datetime(2026, 11, 20, tzinfo=UTC)


def words(page: str) -> str:
    """What a reader sees of it, on one line."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def trained() -> Standing:
    """A made-up student with a loss curve."""
    return next(each for each in made_up_class(9) if each.result and not each.result.problem)


def test_the_story_is_complete(result: Result) -> None:
    """Points, parts, deduction, each mistake with place, source line, bug and help."""
    told = words(feedback(standing("s1042", result)))
    assert "50 of 80.5 points" in told
    assert "Deduction: uses torch −10" in told
    assert "gradient_half" not in told  # ids are for staff
    for text in (L2.what, L2.bug.message, L2.bug.help, str(L2.place), L2.excerpt, "with L2"):
        assert text in told
    assert "after backward/l2 works" in told
    assert "not written yet (layers.py:141)" in told
    assert "Marked by goldgrad 0.1.0 in 1.9 s, wall: full." in told


def test_a_student_never_sees_what_is_hidden(result: Result) -> None:
    """Neither numbers of hidden cases nor what the code printed in them, nor flags."""
    text = feedback(standing("s1042", result))
    assert L2.numbers is not None
    for secret in ("0.0842", "the secret input", "literal array"):
        assert secret not in text
        assert secret not in markdown(standing("s1042", result))
    assert "3 runs: 0.92 0.93 0.93" in text  # of a check that is not hidden


def test_the_page_shows_the_places_that_the_markdown_shows(result: Result) -> None:
    """Both explain a cause once, at the same check, and refer to it from the others."""
    told, other = words(feedback(standing("s1", result))), markdown(standing("s1", result))
    places = {str(f.place) for p in result.parts for c in p.checks for f in c.findings if f.place}
    assert {each for each in places if each in told} == {each for each in places if each in other}
    assert told.count(str(L2.place)) == other.count(str(L2.place)) == 1


def test_lateness_and_adjustments_add_up_in_words(result: Result) -> None:
    """How the final points come about, with each reason."""
    row = standing("s1", result)
    given = Adjustment(4, "ill <b>", "staff", _WHEN)
    told = words(feedback(replace(row, penalty=5.0, adjustments=(given,))))
    assert "49 of 80.5 points" in told
    for text in ("earned: 50", "handed in late: −5", "+4: ill <b>", "final: 49"):
        assert text in told
    assert "How these points come about" not in words(feedback(row))


def test_the_training_is_drawn_and_written_as_numbers() -> None:
    """A curve and a strip of accuracies, described for who does not see them."""
    text = feedback(trained())
    drawings = [found for tag, found in Page(text).tags if found.get("class") == "plot"]
    assert len(drawings) == 2
    assert all(each["role"] == "img" and each["aria-label"] for each in drawings)
    assert "<polyline" in text
    assert "single runs" in words(text)


def test_before_marking_and_without_submission_there_is_a_word(
    result: Result, tmp_path: Path
) -> None:
    """No Result yet, a zip that cannot be opened, nobody's page for who handed in nothing."""
    assert "has not been marked yet" in words(marked("s1", None))
    broken = result.model_copy(update={"problem": "the zip is encrypted"})
    assert "Not marked: the zip is encrypted" in words(marked("s1", broken))
    write(course(standing("s1", result), absent("s2")), tmp_path / "feedback")
    assert [each.name for each in (tmp_path / "feedback").iterdir()] == ["s1.html"]


@pytest.mark.parametrize("where", ["what", "excerpt", "help", "category"])
def test_what_students_wrote_means_nothing(result: Result, where: str) -> None:
    """A page shows it; nothing of it becomes a tag, an attribute or a control character."""
    part = result.parts[1]
    finding = L2.model_copy(update={where: HOSTILE, "bug": None})
    check = part.checks[1].model_copy(update={"findings": [finding], "title": HOSTILE})
    changed = result.model_copy(
        update={
            "parts": [part.model_copy(update={"checks": [check], "title": HOSTILE})],
            "title": HOSTILE,
            "notes": [HOSTILE],
        }
    )
    text = marked(HOSTILE, changed)
    tags = {tag for tag, _ in Page(text).tags}
    assert not tags & {"script", "img"}
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "alert(1)" in words(text)
