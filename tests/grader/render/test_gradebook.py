"""grader/render/gradebook.py."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.render.gradebook import Entry, cell, render_csv
from grader.result import Result


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_one_row_a_submission_one_column_a_part(result: Result) -> None:
    """Points by part, flags and hash; what was not marked has a row, too, without points."""
    table = rows(render_csv([Entry("s1042", result), Entry("s1077", None, "the grader failed")]))
    assert table[0]["points"] == "50"
    assert table[0]["of"] == "80.5"
    assert table[0]["backward"] == "10"
    assert table[0]["flags"].startswith("literal array")
    assert table[0]["wall"] == "full"
    assert table[0]["sha256"] == "ab" * 32
    assert table[1]["submission"] == "s1077"
    assert table[1]["points"] == ""
    assert table[1]["problem"] == "the grader failed"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "|calc", "%x"])
def test_names_are_never_formulas(name: str) -> None:
    """A spreadsheet shows the name; it does not compute it."""
    shown = rows(render_csv([Entry(name, None, name)]))[0]
    assert shown["submission"][0] not in "=+-@\t|%"
    assert shown["problem"][0] not in "=+-@\t|%"


@given(st.text(max_size=60))
def test_any_name_gives_one_row(name: str) -> None:
    """Quotes, commas and line breaks in a name do not shift columns."""
    table = rows(render_csv([Entry(name, None), Entry("last", None)]))
    assert [row["submission"] for row in table] == [cell(name), "last"]
