"""grader/cli/history.py: every change of a score, for people and for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from fixtures.stored_course import attempt, begin, filled, result
from grader.batch.rules import CourseRules
from grader.cli.group import grade
from grader.late import LateRule

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A student who was marked, adjusted twice, and is late by a new rule; and another."""
    with filled(tmp_path, {"s1": 70, "s2": 50}, who="ada") as store:
        number = store.adjust("s1", 2.5, "the handout was wrong", "bob")
        store.adjust("s1", -1, "untidy", "bob")
        store.revoke(number, "eve", "it was right")
        late = [attempt("s1", late_seconds=60), attempt("s2")]
        begin(store, late, rules=CourseRules(late=LateRule(per_day=10)), regrade=["s2"])
        store.add(attempt("s2"), result(attempt("s2"), 55))
        begin(store, [*late, attempt("s2", 2)], rules=CourseRules(late=LateRule(per_day=10)))
        store.add(attempt("s2", 2), None, "s2-2.rar is no submission")
    return tmp_path


def lines(*words: str) -> list[str]:
    done = CliRunner().invoke(grade, ["history", *words])
    assert done.exit_code == 0, done.output
    return [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d  ", "", line) for line in done.stdout.splitlines()]


def test_the_trail_of_a_student_reads_as_it_happened(results: Path) -> None:
    """Who, what counted before and after, and why."""
    assert lines(str(results), "s1") == [
        "ada    none -> 70      s1 earned 70",
        "bob      70 -> 72.5    adjusted by +2.5: the handout was wrong",
        "bob    72.5 -> 71.5    adjusted by -1: untidy",
        "eve    71.5 -> 69      adjustment of +2.5 revoked: it was right",
        (
            "ada                    for everybody: the last attempt counts; lateness costs nothing"
            " -> the last attempt counts; late: 10 % a started day"
        ),
        "ada      69 -> 62      s1 counts as late: in time -> 0:01:00",
    ]


def test_the_trail_of_all_names_each_student(results: Path) -> None:
    """In the order of time."""
    told = lines(str(results))
    assert told[0] == "ada  s1    none -> 70      s1 earned 70"
    assert told[-2:] == [
        "ada  s2      50 -> 55      s2 earned 50 -> 55: marked again",
        "ada  s2      55 -> none    s2-2 could not be marked: s2-2.rar is no submission",
    ]


def test_json_has_each_change_on_a_line(results: Path) -> None:
    """With all figures, unrounded."""
    done = CliRunner().invoke(grade, ["history", str(results), "s1", "--json"])
    changes = [json.loads(line) for line in done.stdout.splitlines()]
    assert changes[1] | {"at": ""} == {
        "at": "",
        "who": "bob",
        "student": "s1",
        "attempt": "",
        "what": "adjusted",
        "why": "the handout was wrong",
        "old": 0.0,
        "new": 2.5,
        "final_old": 70.0,
        "final_new": 72.5,
    }


def test_without_changes_it_says_so(tmp_path: Path) -> None:
    """An empty page would look like a mistake."""
    filled(tmp_path, {}).__exit__(None, None, None)
    assert lines(str(tmp_path)) == ["no score has changed"]


def test_a_misspelt_student_is_said(results: Path) -> None:
    """Not shown as somebody without changes."""
    done = CliRunner().invoke(grade, ["history", str(results), "s9"])
    assert done.exit_code == 2
    assert "no student 's9'" in done.output
