"""grader/render/feedback.py: a file for each student, and how the final points come about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader.render.feedback import feedback, marked, write
from grader.render.markdown import render_markdown
from grader.result import Result
from grader.standing import Adjustment
from tests.grader.render.conftest import absent, course, standing

AT = datetime(2026, 11, 21, tzinfo=UTC)


def test_where_the_result_says_it_all_nothing_is_added(result: Result) -> None:
    """In time, unadjusted: the same text as right after marking."""
    row = standing("s1", result)
    assert feedback(row) == marked("s1", result)
    assert "Points that count" not in feedback(row)


def test_lateness_and_adjustments_add_up_to_the_final_points(result: Result) -> None:
    """Line by line, so that a student can check it."""
    given = (Adjustment(2.5, "the *handout* was wrong", "ada", AT), Adjustment(-1, "x", "ada", AT))
    text = feedback(replace(standing("s1", result), penalty=5.0, adjustments=given))
    assert text.split("## Points that count\n\n")[1] == (
        "- earned: 50\n"
        "- handed in late: −5\n"
        "- \\+2.5: the \\*handout\\* was wrong\n"
        "- −1: x\n"
        "- **final: 46.5**\n"
    )
    assert "ada" not in text


def test_trouble_of_the_grader_is_no_news_for_students(result: Result) -> None:
    """They are told that nothing was marked yet; points that were given count all the same."""
    row = standing("s1", None, "the grader failed: /srv/secret")
    assert "has not been marked yet" in feedback(row)
    assert "secret" not in feedback(row)
    given = (Adjustment(3, "oral exam", "ada", AT),)
    assert "**final: 3**" in feedback(replace(row, adjustments=given))
    assert render_markdown(result) != feedback(row)


def test_a_file_for_each_who_handed_in(result: Result, tmp_path: Path) -> None:
    """Of the attempt that counts; what else lies in the folder stays."""
    (tmp_path / "s9.md").write_text("another's")
    write(course(standing("s1", result), absent("s2")), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["s1.md", "s9.md"]
