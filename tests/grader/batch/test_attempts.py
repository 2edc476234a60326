"""grader/batch/attempts.py: everything that a course handed in, from real-looking exports."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from fixtures import exports
from fixtures.exports import COURSE, DUE, EXPORTS, canvas_file, gradescope_entry
from fixtures.samples import zip_of
from grader.batch.attempts import BY_NAME, LATE_UNKNOWN, Found, find_attempts
from grader.batch.layouts.gradescope import METADATA
from grader.errors import UnusableInput

JANE, JOSE, LI, CONAN = COURSE
FILES = {"layers.py": b"x = 1\n", "report.md": b"done\n"}
WORK = [(who, FILES) for who in (JANE, JOSE, LI)]


def found(
    folder: Path, roster: bytes | str | None = None, times: str = "", **more: object
) -> Found:
    """What is found in tmp_path/export."""
    out = folder / "results"
    if roster is not None:
        data = roster if isinstance(roster, bytes) else roster.encode()
        (folder / "roster.csv").write_bytes(data)
    if times:
        (folder / "times.csv").write_text(times, encoding="utf-8")
    return find_attempts(
        folder / "export",
        out,
        None if roster is None else folder / "roster.csv",
        times=folder / "times.csv" if times else None,
        **more,  # type: ignore[arg-type]  # passed on
    )


def export_of(folder: Path, **files: bytes) -> Path:
    """A folder tmp_path/export with these files; "s1.zip" is written s1_zip."""
    (folder / "export").mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / "export" / name.replace("_zip", ".zip")).write_bytes(data)
    return folder


@pytest.mark.parametrize("system", list(EXPORTS))
def test_every_export_with_the_roster_of_its_system(tmp_path: Path, system: str) -> None:
    """The layout is recognised, everybody is found by id, and who is missing is known."""
    make, roster = EXPORTS[system]
    make(tmp_path / "export", WORK)
    told = found(tmp_path, roster(), due=DUE)
    assert told.layout == system.removesuffix("-flat")
    emails = {each.attempt.student.name for each in told.attempts}
    assert len(told.attempts) == len(emails) == 3
    assert [student.name for student in told.missing] in (
        ["Conan O'Brien-Smith"],
        ["O'Brien-Smith, Conan"],
    )
    assert [note for note in told.notes if "unknown" not in note] == []
    assert all(each.path.exists() for each in told.attempts)
    assert told.passed_over == ()


@pytest.mark.parametrize("system", list(EXPORTS))
def test_every_export_without_a_roster(tmp_path: Path, system: str) -> None:
    """The export's own ids and names are used; nobody is missing who is not known."""
    EXPORTS[system][0](tmp_path / "export", WORK)
    told = found(tmp_path)
    assert len({each.attempt.student.id for each in told.attempts}) == 3
    assert all(each.attempt.student.name for each in told.attempts)
    assert told.missing == ()


def test_lateness_from_gradescope_and_from_moodles_worksheet(tmp_path: Path) -> None:
    """José came 26 hours after the deadline; both systems say so in their own way."""
    exports.gradescope(tmp_path / "a/export", WORK)
    exports.moodle(tmp_path / "b/export", WORK)
    gradescope = found(tmp_path / "a", exports.gradescope_roster(), due=DUE)
    moodle = found(tmp_path / "b", exports.moodle_worksheet(), due=DUE)
    for told in (gradescope, moodle):
        late = {each.attempt.student.name: each.attempt.late_seconds for each in told.attempts}
        assert sorted(late.values()) == [0, 0, 26 * 3600]
        assert late["José García López"] == 26 * 3600
        assert all(each.attempt.submitted_at is not None for each in told.attempts)


def test_canvas_says_late_and_not_how_much(tmp_path: Path) -> None:
    """Nothing is taken, the row says so; a list of times settles it."""
    exports.canvas(tmp_path / "export", WORK)
    told = found(tmp_path, exports.canvas_gradebook(), due=DUE)
    remarks = {each.attempt.student.id: each.remark for each in told.attempts}
    assert remarks == {"50101": "", "50102": LATE_UNKNOWN, "50103": ""}
    assert told.notes == (f"{LATE_UNKNOWN}: García López, José; --times can tell",)
    assert [each.remark for each in found(tmp_path).attempts] == ["", "late", ""]
    times = "login,submitted at\ns1043,2026-11-21T01:59:00+01:00\n"
    told = found(tmp_path, exports.canvas_gradebook(), times, due=DUE)
    assert [each.remark for each in told.attempts] == ["", "", ""]
    assert [each.attempt.late_seconds for each in told.attempts] == [0, 2 * 3600, 0]
    assert told.notes == ("times.csv does not say when they handed in: Doe, Jane, 小龍, 李",)


def test_times_without_a_zone_are_the_deadlines(tmp_path: Path) -> None:
    """Half past midnight in Berlin is half an hour late there, not 90 minutes early."""
    export_of(tmp_path, s1_zip=b"PK")
    due = datetime(2026, 11, 21, 0, 0, tzinfo=timezone(timedelta(hours=1)))
    told = found(tmp_path, times="id,submitted at\ns1,2026-11-21 00:30\n", due=due)
    assert told.attempts[0].attempt.late_seconds == 1800


def test_own_deadlines_and_lateness_as_the_system_counts_it(tmp_path: Path) -> None:
    """An extension goes before the course's deadline; a stated lateness before both."""
    export_of(tmp_path, s1_zip=b"PK", s2_zip=b"PK", s3_zip=b"PK")
    times = (
        "id,submitted at,due,lateness\n"
        "s1,2026-11-21T22:59:00Z,2026-11-22T22:59:00Z,\n"
        "s2,2026-11-21T22:59:00Z,,\n"
        "s3,2026-11-21T22:59:00Z,,0:10:00\n"
    )
    told = found(tmp_path, times=times, due=DUE)
    assert [each.attempt.late_seconds for each in told.attempts] == [0, 86_400, 600]


def test_attempts_in_the_order_of_their_times(tmp_path: Path) -> None:
    """Two folders of one student: the later one is the second, whatever they are called."""
    place = tmp_path / "export/assignment_1_export"
    entries = []
    for key, days in (("submission_9", 2), ("submission_10", 0), ("submission_11", 1)):
        (place / key).mkdir(parents=True)
        (place / key / "layers.py").write_bytes(b"x = 1\n")
        entries.append(gradescope_entry(key, [JANE], DUE + timedelta(days=days)))
    (place / METADATA).write_text("".join(entries), encoding="utf-8")
    told = found(tmp_path, due=DUE)
    assert [(each.attempt.number, each.attempt.name, each.path.name) for each in told.attempts] == [
        (1, "s1042", "submission_10"),
        (2, "s1042-2", "submission_11"),
        (3, "s1042-3", "submission_9"),
    ]
    assert [each.attempt.late_seconds for each in told.attempts] == [0, 86_400, 2 * 86_400]
    assert told.notes == ()


def test_attempts_in_the_order_of_canvas_numbers(tmp_path: Path) -> None:
    """A file uploaded again is the next attempt; its file number is higher."""
    folder = tmp_path / "export"
    folder.mkdir()
    for number, name in ((30, "hw3-10.zip"), (10, "hw3.zip"), (20, "hw3-2.zip")):
        canvas_file(folder, JANE, number, name, zip_of(FILES))
    told = found(tmp_path, layout="canvas")
    names = [each.path.name.split("_", 3)[3] for each in told.attempts]
    assert names == ["hw3.zip", "hw3-2.zip", "hw3-10.zip"]
    assert [each.attempt.number for each in told.attempts] == [1, 2, 3]
    assert told.notes == ()


def test_attempts_in_the_order_of_names_are_said_to_be(tmp_path: Path) -> None:
    """Numbers count as numbers; a note says that nothing else was known."""
    export_of(tmp_path, s10_zip=b"PK", **{"s10_hw-10_zip": b"PK", "s10_hw-9_zip": b"PK"})
    told = found(tmp_path, "id,name\ns10,Doe\n")
    assert [(each.attempt.name, each.path.name) for each in told.attempts] == [
        ("s10", "s10.zip"),
        ("s10-2", "s10_hw-9.zip"),
        ("s10-3", "s10_hw-10.zip"),
    ]
    assert {each.remark for each in told.attempts} == {BY_NAME}
    assert told.notes == (
        "s10 handed in s10.zip, s10_hw-9.zip, s10_hw-10.zip: in this order, going by the names",
    )


def test_a_list_of_times_is_about_the_last_attempt(tmp_path: Path) -> None:
    """The course system lists one time a student; the earlier attempt was not late by it."""
    export_of(tmp_path, s10_1_zip=b"PK", s10_2_zip=b"PK")
    times = "id,submitted at\ns10,2026-11-21T22:59:00Z\n"
    told = found(tmp_path, "id,name\ns10,Doe\n", times, due=DUE)
    assert [each.attempt.late_seconds for each in told.attempts] == [0, 86_400]


def test_a_groups_members_share_one_submission(tmp_path: Path) -> None:
    """Each has a row of their own and the same files, which are gathered once."""
    place = tmp_path / "export"
    (place / "submission_1").mkdir(parents=True)
    (place / "submission_1/layers.py").write_bytes(b"x = 1\n")
    entry = gradescope_entry("submission_1", [JANE, JOSE, JANE], DUE)
    (place / METADATA).write_text(entry, encoding="utf-8")
    told = found(tmp_path, exports.gradescope_roster())
    assert [each.attempt.name for each in told.attempts] == ["s1042", "s1043"]
    assert len({each.path for each in told.attempts}) == 1
    assert [student.id for student in told.missing] == ["s1044", "s1045"]


def test_a_moodle_team_by_the_worksheets_groups(tmp_path: Path) -> None:
    """The export knows the team only; the worksheet says who is in it."""
    team = tmp_path / "export/Team 4_7300014_assignsubmission_file"
    team.mkdir(parents=True)
    (team / "hw3.zip").write_bytes(b"PK")
    roster = "Identifier,Full name,Group\nParticipant 1,A B,Team 4\nParticipant 2,C D,Team 4\n"
    told = found(tmp_path, roster + "Participant 7300014,E F,Team 5\n")
    assert [each.attempt.student.name for each in told.attempts] == ["A B", "C D"]
    assert [student.name for student in told.missing] == ["E F"]
    assert told.notes == ()


def test_whoever_is_not_on_the_roster_keeps_a_row(tmp_path: Path) -> None:
    """By the export's own id, and a person is told; nothing is dropped."""
    exports.canvas(tmp_path / "export", WORK)
    told = found(tmp_path, exports.canvas_gradebook([JANE, CONAN]))
    assert {each.attempt.student.id for each in told.attempts} == {"50101", "50102", "50103"}
    assert "garcíalópezjosé (50102) is not on the roster" in told.notes
    assert [student.id for student in told.missing] == ["50104"]


def test_an_unlisted_id_never_is_another_students(tmp_path: Path) -> None:
    """Canvas's user 7 is not the student whom the university calls 7."""
    export_of(tmp_path)
    canvas_file(tmp_path / "export", JANE, 1, "hw3.zip", b"PK")
    roster = f"student number,name\n{JANE.canvas},Somebody Else\n"
    told = found(tmp_path, roster, layout="canvas")
    assert told.attempts[0].attempt.student.id == f"{JANE.canvas} (not on the roster)"
    assert [student.name for student in told.missing] == ["Somebody Else"]


def test_what_a_stranger_calls_a_file_is_no_id(tmp_path: Path) -> None:
    """Their mark must not go to whoever has that login. Without a roster it is all there is."""
    export_of(tmp_path, s1042_zip=b"PK", s1043_zip=b"PK")
    told = found(tmp_path, "student id,name\ns1042,Doe\n")
    assert [each.attempt.student.ids for each in told.attempts] == [(("university", "s1042"),), ()]
    assert [each.attempt.student.known_as("university") for each in found(tmp_path).attempts] == [
        *("s1042", "s1043"),
    ]


def test_two_students_of_one_name_are_told_apart_by_id_only(tmp_path: Path) -> None:
    """By the name alone neither gets the submission; both are missing, and the note names them."""
    folder = tmp_path / "export/Li Wang_17_assignsubmission_file"
    folder.mkdir(parents=True)
    (folder / "hw3.zip").write_bytes(b"PK")
    told = found(tmp_path, 'student id,name\n1,Li Wang\n2,"Wang, Li"\n')
    assert [each.attempt.student.id for each in told.attempts] == ["17"]
    assert len(told.missing) == 2
    assert told.notes == ("Li Wang (17): could be 1 Li Wang or 2 Wang, Li",)


def test_found_by_name_only_is_said(tmp_path: Path) -> None:
    """It is likely right, and a person may want to know."""
    exports.moodle(tmp_path / "export", WORK[:1])
    told = found(tmp_path, 'student id,name\ns1042,"Doe, Jane"\n')
    assert [each.attempt.student.id for each in told.attempts] == ["s1042"]
    assert told.notes == ("Jane Doe was found on the roster by name only",)


def test_anonymous_marking_in_canvas(tmp_path: Path) -> None:
    """Each has a row under the anonymous id; with a roster everybody on it would be absent."""
    export_of(tmp_path, anon_a1B2c_7_hw_zip=b"PK", LATE_anon_12345_8_hw_zip=b"PK")
    told = found(tmp_path)
    assert told.layout == "canvas"
    assert [each.attempt.student.id for each in told.attempts] == ["anon_12345", "anon_a1B2c"]
    with pytest.raises(UnusableInput, match=r"of 2 students .* nobody is on roster\.csv") as caught:
        found(tmp_path, "id,name\n12345,Doe\n")
    assert "anonymous" in (caught.value.hint or "")


def test_a_link_in_an_export_is_not_followed(tmp_path: Path) -> None:
    """Whoever can put one there chooses what file is read; marking it says what it is."""
    secret = tmp_path / "secret.zip"
    secret.write_bytes(zip_of(FILES))
    export_of(tmp_path)
    (tmp_path / "export/doejane_501_9001_hw3.zip").symlink_to(secret)
    (tmp_path / "export/doejane_501_9002_report.md").write_bytes(b"done\n")
    (each,) = found(tmp_path, layout="canvas").attempts
    assert [path.name for path in each.path.iterdir()] == ["report.md"]


def test_a_folder_in_a_folder_is_entered_once(tmp_path: Path) -> None:
    """As unzip programs leave it; but one student's folder is a submission and not an export."""
    exports.canvas(tmp_path / "export/submissions", WORK)
    (tmp_path / "export/__MACOSX").mkdir()
    assert found(tmp_path).layout == "canvas"
    lone = tmp_path / "b/export/s1042"
    lone.mkdir(parents=True)
    (lone / "layers.py").write_bytes(b"x = 1\n")
    told = found(tmp_path / "b")
    assert [(told.layout, each.attempt.name) for each in told.attempts] == [("plain", "s1042")]


def test_a_students_folder_with_a_zip_alone_is_that_zip(tmp_path: Path) -> None:
    """In a folder of students the folder is whose it is, and the zip what was handed in."""
    for name in ("s1042", "s1043"):
        (tmp_path / "export" / name).mkdir(parents=True)
        (tmp_path / "export" / name / "hw3.zip").write_bytes(b"PK")
    told = found(tmp_path)
    assert [each.attempt.name for each in told.attempts] == ["s1042", "s1043"]
    assert [each.path.name for each in told.attempts] == ["hw3.zip", "hw3.zip"]


def test_the_results_inside_the_folder_are_no_submission(tmp_path: Path) -> None:
    """`grade batch . --out results` is what many would try."""
    exports.canvas(tmp_path / "export", WORK)
    (tmp_path / "export/results").mkdir()
    told = find_attempts(tmp_path / "export", tmp_path / "export/results")
    assert (told.layout, told.passed_over) == ("canvas", ())


@pytest.mark.parametrize("layout", ["canvas", "moodle", "gradescope"])
def test_a_layout_that_does_not_fit_is_refused(tmp_path: Path, layout: str) -> None:
    """Rather than taking every file for a student."""
    export_of(tmp_path, s1_zip=b"PK")
    with pytest.raises(UnusableInput, match=rf"not laid out as {layout.capitalize()} exports"):
        found(tmp_path, layout=layout)


def test_plain_on_request(tmp_path: Path) -> None:
    """Where names fit Canvas's by chance."""
    exports.canvas(tmp_path / "export", WORK)
    told = found(tmp_path, layout="plain")
    assert told.layout == "plain"
    assert [each.path.suffix for each in told.attempts] == [".zip"] * 3


def test_a_zip_instead_of_a_folder_is_explained(tmp_path: Path) -> None:
    """The export as it was downloaded."""
    (tmp_path / "export").write_bytes(b"PK")
    with pytest.raises(UnusableInput, match="is a file, not a folder") as caught:
        found(tmp_path)
    assert "unzip" in (caught.value.hint or "")


def test_names_of_results_are_unique_on_any_system(tmp_path: Path) -> None:
    """Ids that differ in case or in what no file name may hold."""
    place = tmp_path / "export"
    entries = []
    for index, sid in enumerate(("a/b", "a:b", "A_B", "..", "con")):
        (place / f"s{index}").mkdir(parents=True)
        (place / f"s{index}/x.py").write_bytes(b"x = 1\n")
        entries.append(f"s{index}:\n  :submitters:\n  - :sid: '{sid}'\n")
    (place / METADATA).write_text("".join(entries), encoding="utf-8")
    names = [each.attempt.name for each in found(tmp_path).attempts]
    assert len({name.casefold() for name in names}) == 5
    assert not any(set(name) & set('/\\:*?"<>|') or name.startswith(".") for name in names)


def test_the_same_folder_gives_the_same_attempts(tmp_path: Path) -> None:
    """Names, numbers and paths do not depend on the run: by them a batch resumes."""
    exports.canvas(tmp_path / "export", WORK)
    canvas_file(tmp_path / "export", JANE, 1, "report.pdf", b"%PDF")
    first = found(tmp_path, exports.canvas_gradebook())
    assert found(tmp_path, exports.canvas_gradebook()) == first
    gathered = next(each.path for each in first.attempts if each.attempt.student.id == "50101")
    assert sorted(path.name for path in gathered.iterdir()) == ["hw3.zip", "report.pdf"]


@pytest.mark.skipif(os.name == "nt", reason="such a name cannot be made there")
def test_hostile_names_are_shown_plainly(tmp_path: Path) -> None:
    """No escape sequence reaches the terminal or the gradebook."""
    export_of(tmp_path, **{"s1\x1b[31m\u202e_zip": b"PK", "notes\x07.txt": b""})
    told = found(tmp_path, "id\nx9\n")
    text = repr((told.notes, told.passed_over, told.attempts[0].attempt))
    assert not any(char in text for char in ("\\x1b", "\\x07", "\\u202e"))


def test_nobody_is_lost(tmp_path: Path) -> None:
    """A folder that a system made, with entries of nobody: each is a row or is named."""
    exports.moodle(tmp_path / "export", WORK)
    (tmp_path / "export/Jane Doe.zip").write_bytes(b"PK")
    told = found(tmp_path, exports.moodle_worksheet())
    assert told.passed_over == ("Jane Doe.zip",)
    assert len(told.attempts) + len(told.missing) == len(COURSE)
