"""grader/render/gradebook.py."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.render.gradebook import cell, csv_lines, write
from grader.standing import Adjustment
from tests.grader.render.conftest import absent, course, standing

if TYPE_CHECKING:
    from pathlib import Path

    from grader.result import Result
    from grader.standing import Standing


def rows(*standings: Standing) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_lines(course(*standings))))))


def test_one_row_a_submission_one_column_a_part(result: Result) -> None:
    """Points by part, flags and hash; what was not marked has a row, too, without points."""
    table = rows(standing("s1042", result), standing("s1077", None, "the grader failed"))
    assert table[0]["points"] == table[0]["final"] == "50"
    assert table[0]["of"] == "80.5"
    assert table[0]["backward"] == "10"
    assert table[0]["attempt"] == "1 of 1"
    assert table[0]["flags"].startswith("literal array")
    assert table[0]["wall"] == "full"
    assert table[0]["sha256"] == "ab" * 32
    assert table[1]["submission"] == "s1077"
    assert table[1]["points"] == table[1]["final"] == ""
    assert table[1]["problem"] == "the grader failed"


def test_what_was_earned_and_what_counts_are_told_apart(result: Result) -> None:
    """Lateness and adjustments have columns of their own, with the reasons."""
    at = datetime(2026, 11, 21, tzinfo=UTC)
    row = replace(
        standing("s1042", result),
        penalty=5.0,
        adjustments=(Adjustment(2.5, "ill", "ada", at), Adjustment(-1, "=copied", "ada", at)),
    )
    (cells,) = rows(row)
    assert [cells[name] for name in ("points", "penalty", "adjustment", "final")] == [
        *("50", "5", "1.5", "46.5")
    ]
    assert cells["adjusted because"] == "ill; =copied"


def test_who_handed_in_nothing_has_a_row(result: Result) -> None:
    """It names no submission, no attempt and no mark; and says why."""
    row, _ = rows(absent("s0"), standing("s1", result))
    assert row["student"] == "s0"
    assert row["problem"] == "not handed in"
    assert [row[name] for name in ("submission", "attempt", "points", "final", "forward")] == [
        *("", "", "", "", "")
    ]


def test_a_remark_on_an_attempt_is_for_staff_to_read(result: Result) -> None:
    """What could not be known about a submission stands in its row, beside other trouble."""
    row = standing("s1", result)
    remarked = replace(row, attempt=replace(row.attempt, remark="late; by how much is unknown"))
    (cells,) = rows(remarked)
    assert cells["problem"] == "late; by how much is unknown"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "|calc", "%x"])
def test_names_are_never_formulas(name: str) -> None:
    """A spreadsheet shows the name; it does not compute it."""
    (shown,) = rows(standing(name, None, name))
    for column in ("student", "submission", "problem"):
        assert shown[column][0] not in "=+-@\t|%"


@given(st.text(max_size=60))
def test_any_name_gives_one_row(name: str) -> None:
    """Quotes, commas and line breaks in a name do not shift columns."""
    table = rows(standing(name, None), standing("last", None))
    assert [row["submission"] for row in table] == [cell(name), "last"]


def test_a_spreadsheet_is_told_the_encoding(tmp_path: Path) -> None:
    """The file begins with the mark without which names outside ASCII are read wrongly."""
    write(course(standing("Zoë", None)), tmp_path / "gradebook.csv")
    data = (tmp_path / "gradebook.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfstudent,")
    assert "Zoë".encode() in data
