"""grader/batch/matching.py: whose an upload is; what is not certain is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.layouts import canvas, moodle
from grader.batch.layouts.upload import Person
from grader.batch.matching import match_file, match_group, match_person
from grader.batch.roster import Roster
from grader.batch.roster_file import read_roster


@pytest.fixture
def roster(tmp_path: Path) -> Callable[[str], Roster]:
    """Reads a roster from its text."""

    def read(text: str) -> Roster:
        (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
        return read_roster(tmp_path / "roster.csv")

    return read


COURSE = "id,login,email,name\n17,jdoe,jane.doe@x.edu,Jane Doe\n18,doe,j.doe@x.edu,John Doe\n"
COURSE += "19,li,l@x.edu,李 小龍\n20,pl,p@x.edu,Plato\n"


@pytest.mark.parametrize(
    ("person", "found", "by"),
    [
        (Person("17", "doejane"), "17", "id"),
        (Person("99", "Someone Else", "J.Doe@x.edu"), "18", "email"),
        (Person("99", "Doe, Jane"), "17", "name"),
        (Person("99"), None, None),
        (Person("jdoe"), None, None),
    ],
)
def test_by_the_systems_id_then_address_then_name(
    roster: Callable[[str], Roster], person: Person, found: str | None, by: str | None
) -> None:
    """Only in the columns that hold this system's ids: a login is no Canvas id."""
    match = match_person(person, roster(COURSE), canvas.COLUMNS)
    assert (match.student.id if match.student else None, match.by) == (found, by)
    assert bool(match.problem) is (found is None)


def test_two_of_one_name_are_not_chosen_between(roster: Callable[[str], Roster]) -> None:
    """Both are named, and neither gets it."""
    listed = roster("id,name\n1,Li Wang\n2,Wang Li\n")
    match = match_person(Person("99", "liwang"), listed, canvas.COLUMNS)
    assert match.student is None
    assert match.problem == "liwang (99): could be 1 Li Wang or 2 Wang Li"


def test_an_id_that_is_another_ones_in_moodle_is_not_used(roster: Callable[[str], Roster]) -> None:
    """Teams have numbers of their own: team 17 is not participant 17."""
    listed = roster("Identifier,Full name\nParticipant 17,Jane Doe\n")
    match = match_person(Person("17", "Team 4"), listed, moodle.COLUMNS)
    assert match.student is None
    assert match.problem == "Team 4 (17): on the roster that id is Jane Doe, so it was not used"
    for name in ("Jane Doe", "Doe Jane", ""):
        assert match_person(Person("17", name), listed, moodle.COLUMNS).by == "id"


def test_canvas_ids_are_the_users_own_whatever_the_name(roster: Callable[[str], Roster]) -> None:
    """A new name is no new student, but is said."""
    match = match_person(Person("17", "smithjane"), roster(COURSE), canvas.COLUMNS)
    assert match.student is not None
    assert match.problem == "smithjane (17): on the roster that id is Jane Doe; they get the mark"


def test_a_group_by_its_name_unless_it_is_a_students(roster: Callable[[str], Roster]) -> None:
    """A group that is called like a student is nobody's until a person looks."""
    listed = roster("id,name,group\n1,A B,Team 4\n2,C D,Team 4\n3,E F,A B\n")
    assert [s.id for s in match_group(Person("9", "team4"), listed)] == ["1", "2"]
    assert match_group(Person("9", "A B"), listed) == ()
    assert match_group(Person("9"), listed) == ()


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("17", "17"),
        ("JDOE", "17"),
        ("jane.doe@x.edu", "17"),
        ("hw3_jdoe-final (2)", "17"),
        ("hw3 j.doe@x.edu", "18"),
        ("jane.doe@x.edu_v2", "17"),
        ("hw3_doe", "18"),
        ("doering", None),
        ("hw17", None),
        ("hw 17", None),
        ("jdoe_doe", None),
        ("Jane Doe", "17"),
        ("hw3_Doe_Jane", "17"),
        ("j.doe@x.edu Jane Doe", None),
        ("John Doering", None),
        ("hw3_JaneDoe", "17"),
        ("作業 李小龍", "19"),
        ("李小龍", "19"),
        ("hw3_Plato", None),
        ("plato", "20"),
        ("", None),
    ],
)
def test_a_file_is_whose_id_it_holds(
    roster: Callable[[str], Roster], stem: str, found: str | None
) -> None:
    """As a whole word of some length; what stands inside a longer id or a name does not count."""
    match = match_file(stem, roster(COURSE))
    assert (match.student.id if match.student else None) == found
    assert bool(match.problem) is (found is None)


@given(st.text(max_size=60))
def test_no_name_of_a_file_is_too_much(stem: str) -> None:
    """Students call files what they like."""
    listed = Roster.of("r", (), {}, {}, {})
    match = match_file(stem, listed)
    assert match.student is None
    assert match.problem.endswith("names nobody on the roster")
