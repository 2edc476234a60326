"""All that a course handed in: every attempt, whose it is, when it came, and who is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal

from grader.batch.claims import Claim, Registers, claims_of_export, claims_of_files, numbered
from grader.batch.gathered import GATHERED, file_name, one_path
from grader.batch.layouts import canvas, gradescope, moodle
from grader.batch.layouts.upload import Contents, entries_of
from grader.batch.roster import Roster
from grader.batch.roster_file import read_roster, read_times
from grader.batch.submissions import find_submissions, is_bookkeeping
from grader.errors import UnusableInput
from grader.late import seconds_late
from grader.standing import Attempt, Student
from grader.untrusted import shown

Layout = Literal["plain", "canvas", "moodle", "gradescope"]
LAYOUTS: tuple[Layout, ...] = ("plain", "canvas", "moodle", "gradescope")
_NAMED = 4
BY_NAME = "several attempts, in the order of their files' names"
LATE_UNKNOWN = "late; by how much is unknown, nothing was taken"

_COLUMNS = {
    "canvas": canvas.COLUMNS,
    "moodle": moodle.COLUMNS,
    "gradescope": gradescope.COLUMNS,
}


@dataclass(frozen=True)
class HandedIn:
    """An attempt, and where its files are."""

    attempt: Attempt
    path: Path
    timed: bool = False
    """Whether anything says when it came, or how late."""
    remark: str = ""
    """What its row in a gradebook should say."""


@dataclass(frozen=True)
class Found:
    """Everything in a folder of submissions."""

    attempts: tuple[HandedIn, ...]
    """In the order of their names; of a group, one for each member."""
    layout: Layout
    passed_over: tuple[str, ...] = ()
    """Entries that are no submissions."""
    missing: tuple[Student, ...] = ()
    """On the roster, without a submission; in the roster's order."""
    notes: tuple[str, ...] = ()
    """What a person should know: who is not on the roster, whose order was read from names."""


def find_attempts(
    folder: Path,
    out: Path,
    roster: Path | None = None,
    layout: str = "auto",
    *,
    times: Path | None = None,
    due: datetime | None = None,
) -> Found:
    """What was handed in, and by whom.

    Args:
        folder: as a course system exported it, or with one zip, notebook or folder a submission.
        out: the results folder; what came as several files is gathered in it.
        roster: CSV of the course's students.
        layout: one of LAYOUTS, or "auto" to recognise it.
        times: CSV that says when each handed in; it goes before what the export says.
        due: the deadline; its zone is that of times that say none.

    Raises:
        UnusableInput: the folder, the roster or the times cannot be used; the folder is not of the
            layout that was asked for; or nobody of several is on the roster.
    """
    zone: tzinfo = (due.tzinfo if due else None) or UTC
    registers = Registers(
        roster=None if roster is None else read_roster(roster, zone),
        times=None if times is None else read_times(times, zone),
    )
    folder, name, entries = _recognised(folder, out, layout)
    if name == "plain":
        submissions, passed_over = find_submissions(folder, out)
        claims, notes = claims_of_files(submissions, registers)
    else:
        contents = _read(name, folder, entries)
        claims, notes = claims_of_export(contents.uploads, _COLUMNS[name], registers)
        notes += contents.notes
        passed_over = [shown(path.name, 80) for path in contents.left]
    if registers.roster is not None:
        _refuse_strangers(claims, registers.roster)
    attempts, remarks = _attempts(claims, due, out)
    if times is not None:
        remarks += _untimed(attempts, shown(times.name, 80))
    present = {handed_in.attempt.student.id for handed_in in attempts}
    listed = registers.roster.students if registers.roster else ()
    return Found(
        attempts=tuple(sorted(attempts, key=lambda each: each.attempt.name)),
        layout=name,
        passed_over=tuple(passed_over),
        missing=tuple(student for student in listed if student.id not in present),
        notes=tuple(shown(note, 200) for note in dict.fromkeys([*notes, *remarks])),
    )


# ------------------------------------------------------------------------------- the layout


def _recognised(folder: Path, out: Path, layout: str) -> tuple[Path, Layout, list[Path]]:
    """The folder with the submissions, perhaps one further in, its layout and entries."""
    if folder.is_file():
        raise UnusableInput(
            f"{shown(folder)} is a file, not a folder of submissions",
            hint="unzip the export first, and give the folder",
        )
    entries = _entries(folder, out)
    candidates = [(folder, entries)]
    if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink():
        # Gradescope's export, and what many programs unpack a zip to, is a folder in a folder.
        candidates.append((entries[0], _entries(entries[0], out)))
    wanted = [name for name in LAYOUTS if name in {layout, "plain"} or layout == "auto"]
    for name in reversed(wanted):
        if name == "plain":
            break
        for inner, inside in candidates:
            if _fits(name, inside, asked=layout != "auto"):
                return inner, name, inside
    if layout not in {"auto", "plain"}:
        raise UnusableInput(
            f"{shown(folder)} is not laid out as {layout.capitalize()} exports submissions",
            hint="leave out --layout to have it recognised",
        )
    return folder, "plain", entries


def _entries(folder: Path, out: Path) -> list[Path]:
    try:
        return [path for path in entries_of(folder) if not is_bookkeeping(path, out)]
    except OSError as error:
        raise UnusableInput(f"cannot read the folder {folder}: {error.strerror}") from error


def _fits(name: Layout, entries: list[Path], *, asked: bool) -> bool:
    if name == "gradescope":
        return gradescope.is_gradescope(entries)
    if name == "moodle":
        return moodle.is_moodle(entries)
    if asked:
        return bool(canvas.read_canvas(entries).uploads)
    return canvas.is_canvas(entries)


def _read(name: Layout, folder: Path, entries: list[Path]) -> Contents:
    if name == "gradescope":
        return gradescope.read_gradescope(folder, entries)
    return (moodle.read_moodle if name == "moodle" else canvas.read_canvas)(entries)


# --------------------------------------------------------------------------------- attempts


def _refuse_strangers(claims: Iterable[Claim], roster: Roster) -> None:
    """Another course's roster would make all of its students absent, and all of these strangers."""
    students = {claim.student.id for claim in claims}
    if len(students) > 1 and students.isdisjoint(student.id for student in roster.students):
        raise UnusableInput(
            f"of {len(students)} students who handed in, nobody is on {roster.name}",
            hint="is it this course's, and from the same system? An anonymous export is marked "
            "without --roster",
        )


def _attempts(
    claims: Iterable[Claim], due: datetime | None, out: Path
) -> tuple[list[HandedIn], list[str]]:
    of_student: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        of_student[claim.student.id].append(claim)
    attempts: list[HandedIn] = []
    notes: list[str] = []
    paths: dict[int, Path] = {}
    taken: set[str] = set()
    for mine in of_student.values():
        ordered, note = numbered(mine)
        notes += [note] if note else []
        remark = BY_NAME if note else ""
        for number, claim in ordered:
            several = len(mine) > 1 and number > 1
            name = _free(file_name(claim.name) + (f"-{number}" if several else ""), taken)
            # The members of a group share what they handed in.
            if id(claim.upload) not in paths:
                paths[id(claim.upload)] = one_path(claim.upload.files, out / GATHERED / name)
            found = _handed_in(claim, number, name, due, paths[id(claim.upload)])
            told = "; ".join(filter(None, [found.remark, remark]))
            attempts.append(replace(found, remark=told))
    late = [each.attempt.student for each in attempts if LATE_UNKNOWN in each.remark]
    notes += [f"{LATE_UNKNOWN}: {_some(late)}; --times can tell"] if late else []
    return attempts, notes


def _untimed(attempts: Iterable[HandedIn], name: str) -> list[str]:
    """Who is in no list of times, and would be taken for punctual."""
    last = {each.attempt.student.id: each for each in attempts}
    untimed = [each.attempt.student for each in last.values() if not each.timed]
    return [f"{name} does not say when they handed in: {_some(untimed)}"] if untimed else []


def _some(students: Sequence[Student]) -> str:
    names = ", ".join(shown(each.name or each.id, 30) for each in students[:_NAMED])
    return names + (f" and {len(students) - _NAMED} more" if len(students) > _NAMED else "")


def _free(name: str, taken: set[str]) -> str:
    # Compared without case: the feedback files may land on a file system that ignores it.
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free.casefold())
    return free


def _handed_in(claim: Claim, number: int, name: str, due: datetime | None, path: Path) -> HandedIn:
    timing, upload = claim.timing, claim.upload
    submitted_at = timing.submitted_at or upload.submitted_at
    late = timing.late_seconds
    if late is None:
        late = seconds_late(submitted_at, timing.due or due)
    attempt = Attempt(claim.student, number, name, submitted_at, late)
    timed = submitted_at is not None or timing.late_seconds is not None
    remark = ""
    if upload.late and not timed:
        # Without a deadline there is no rule, and nothing is owed.
        remark = LATE_UNKNOWN if timing.due or due else "late"
    return HandedIn(attempt, path, timed, remark)
