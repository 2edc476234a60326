"""grader/batch/roster_file.py and roster.py: who is in a course, from whatever list it has."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.exports import (
    COURSE,
    canvas_gradebook,
    gradescope_roster,
    moodle_worksheet,
    own_roster,
)
from grader.batch.roster import Roster, Timing, squeezed
from grader.batch.roster_file import read_roster, read_times
from grader.errors import UnusableInput
from grader.standing import Student

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)


def roster(folder: Path, data: bytes | str) -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_roster(path)


def test_canvas_gradebook(tmp_path: Path) -> None:
    """Its lines of maxima and its student for tests are nobody; all three ids are kept."""
    found = roster(tmp_path, canvas_gradebook())
    assert [student.id for student in found.students] == [str(p.canvas) for p in COURSE]
    first = found.students[0]
    assert (first.name, first.section) == ("Doe, Jane", "Group A")
    assert first.known_as("canvas") == "50101"
    assert first.known_as("sis") == first.known_as("login") == "s1042"
    assert first.known_as("moodle") == ""


def test_moodle_worksheet(tmp_path: Path) -> None:
    """The participant's number is the id, in whatever language; the time is read along."""
    found = roster(tmp_path, moodle_worksheet())
    assert [student.id for student in found.students] == [str(p.moodle) for p in COURSE]
    assert found.students[0].known_as("moodle") == "Participant 7300011"
    assert found.timings["7300011"] == Timing(
        submitted_at=datetime(2026, 11, 20, 20, 59, tzinfo=UTC)
    )
    german = "Identifier,Full name\nTeilnehmer/in 17,Jane Doe\n"
    student = roster(tmp_path, german).students[0]
    assert (student.id, student.known_as("moodle")) == ("17", "Teilnehmer/in 17")


def test_gradescope_roster_and_a_list_from_a_spreadsheet(tmp_path: Path) -> None:
    """The same students, by two headers, two delimiters and two encodings; staff is nobody."""
    wanted = [Student(p.sid, p.full, p.email, "A", (("university", p.sid),)) for p in COURSE]
    assert list(roster(tmp_path, gradescope_roster()).students) == wanted
    people = [each for each in COURSE if each.last.isascii() or each.first == "José"]
    found = roster(tmp_path, own_roster(people)).students
    assert [(s.id, s.name, s.email) for s in found] == [(p.sid, p.full, p.email) for p in people]


def test_found_by_any_key_and_any_order_of_a_name(tmp_path: Path) -> None:
    """Ids and addresses without case; names without accents, commas and order."""
    found = roster(tmp_path, 'SID,Email,Name\nS7,J.Doe@x.edu,"García López, José María"\n')
    assert found.by_key("s7") == found.by_key("j.doe@X.EDU") == list(found.students)
    assert found.by_key("s7", ["email"]) == []
    for name in ("José María García López", "garcia lopez jose maria", "GARCÍALÓPEZJOSÉMARÍA"):
        assert found.by_name(name) == list(found.students), name
    assert found.by_name("José García López") == []
    assert found.by_name("") == []


def test_two_of_one_name_are_both_found(tmp_path: Path) -> None:
    """Whoever asks must see that it is not certain; also where one is written the other way."""
    found = roster(tmp_path, 'id,name\n1,Li Wang\n2,"Li, Wang"\n3,Ana Li\n')
    assert [student.id for student in found.by_name("wang li")] == ["1", "2"]


def test_groups_by_name(tmp_path: Path) -> None:
    """Canvas's list of groups and Moodle's worksheet of a team assignment."""
    header = "name,canvas_user_id,login_id,sections,group_name\n"
    found = roster(tmp_path, header + "A B,1,a,S,Team 4\nC D,2,c,S,Team 4\nE F,3,e,S,\n")
    assert [student.id for student in found.by_group("team_4")] == ["1", "2"]
    assert found.by_group("") == []
    assert found.students[0].known_as("canvas") == "1"


def test_a_student_in_two_sections_is_one(tmp_path: Path) -> None:
    """Listed twice with the same name and address; both sections are kept."""
    found = roster(tmp_path, "id,name,section\n1,Doe,A\n2,Roe,A\n1,Doe,B\n1,Doe,A\n")
    assert [(s.id, s.section) for s in found.students] == [("1", "A, B"), ("2", "A")]


def test_names_in_every_alphabet_stay_apart() -> None:
    """Letters are kept whatever the alphabet; marks that no letter needs are not."""
    assert squeezed("李 小龍") == "李小龍"
    assert squeezed("Ångström, Jane") == squeezed("angstrom jane")
    assert len({squeezed(name) for name in ("Иван", "Ivan", "Ιβάν", "איוון", "ايفان")}) == 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,points\nDoe,3\n", "no column that says who a student is; its columns are: name, po"),
        ("id,name\n", "lists no student"),
        ("id,name\n1,Doe\n,Roe\n", r"roster\.csv:3: a student without an id"),
        ("id,name\n1,Doe\n1,Roe\n", r"roster\.csv:3: the id 1 belongs to another student already"),
        ("id,email\n1,a@x\n1,b@x\n", r"roster\.csv:3: the id 1 belongs to another"),
        ("id,submitted at\n1,3/4/2026\n", r"roster\.csv:2: '3/4/2026' is not a time"),
        ("id,due date\n1,soon\n", r"roster\.csv:2: 'soon' is not a time"),
        ("id,Lateness (H:M:S)\n1,2 days\n", r"roster\.csv:2: '2 days' is not a lateness"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """With file, line and what to do."""
    with pytest.raises(UnusableInput, match=words) as caught:
        roster(tmp_path, text)
    assert caught.value.hint or "lists no student" in str(caught.value)


def test_hostile_cells_are_made_plain(tmp_path: Path) -> None:
    """No escape sequence, no endless name."""
    found = roster(tmp_path, f"id,name\n1\x1b[31m,{'x' * 5000}\x07\n")
    assert found.students[0].id == "1\N{REPLACEMENT CHARACTER}[31m"
    assert len(found.students[0].name) <= 201


def test_times_that_a_roster_would_not_be_asked_for(tmp_path: Path) -> None:
    """In a list of times, "time" and "late" are times; in a list of students they may be others."""
    path = tmp_path / "times.csv"
    path.write_text("id,time,late\n1,2026-11-20 23:59,0:30:00\n2,-,n/a\n")
    found = read_times(path, timezone(timedelta(hours=1)))
    assert dict(found.timings) == {"1": Timing(DUE, None, 1800)}
    assert dict(read_roster(path).timings) == {}


def test_a_list_of_times_without_times_is_refused(tmp_path: Path) -> None:
    """It would silently make everybody punctual."""
    path = tmp_path / "times.csv"
    path.write_text("id,name\n1,Doe\n")
    with pytest.raises(UnusableInput, match="has no column of times") as caught:
        read_times(path)
    assert "submitted at" in (caught.value.hint or "")


@given(
    st.lists(
        st.sampled_from(["ID", "Name", "Student", "Section", "Email", "Identifier", "Group"]),
        unique=True,
        min_size=1,
    ),
    st.lists(st.lists(st.text(max_size=8), max_size=8), max_size=6),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-8"]),
)
def test_whatever_is_in_a_list_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], cells: list[list[str]], code: str
) -> None:
    """No cell ends in a traceback, and whoever is read can be found by their id."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *cells])
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.getvalue().encode(code, errors="replace"))
    try:
        found = read_roster(path)
    except UnusableInput:
        return
    assert found.students
    assert len({student.id.casefold() for student in found.students}) == len(found.students)


@given(st.binary(max_size=300))
def test_bytes_that_are_no_list_are_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """A picture, a program: an error that says what is wrong."""
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(data)
    with contextlib.suppress(UnusableInput):
        assert read_roster(path).students
