"""Which student each upload counts for, and what is known of when it came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from grader.batch.layouts.upload import Person, Upload, packed_alone
from grader.batch.matching import Match, match_file, match_group, match_person
from grader.batch.roster import Roster, Timing
from grader.batch.submissions import Submission
from grader.standing import Student
from grader.untrusted import shown

_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Claim:
    """An upload and one of the students it counts for."""

    student: Student
    upload: Upload
    timing: Timing
    """Of the student; of several attempts it is the last one's."""
    name: str
    """For files of the results; the attempt's number is added where there are several."""


@dataclass(frozen=True)
class Registers:
    """What the course knows besides the submissions."""

    roster: Roster | None = None
    times: Roster | None = None

    def unlisted(self, identity: str) -> str:
        """An id for somebody who is not on the roster, also where it is another's there."""
        taken = self.roster is not None and self.roster.by_key(identity)
        return f"{identity} (not on the roster)" if taken else identity

    def timing(self, student: Student, resolve: Callable[[Roster], Match]) -> Timing:
        """What the times say of a student, else what the roster says.

        Args:
            student: by the roster's id, or the upload's where there is no roster.
            resolve: finds in a register whom the upload itself means.
        """
        if self.times is not None:
            keys = {student.id, student.email}
            if self.roster is not None:
                keys |= self.roster.keys_of(student)
            found = {each.id: each for key in keys - {""} for each in self.times.by_key(key)}
            known = next(iter(found.values())) if len(found) == 1 else resolve(self.times).student
            if known is not None and known.id in self.times.timings:
                return self.times.timings[known.id]
        return Timing() if self.roster is None else self.roster.timings.get(student.id, Timing())


def claims_of_export(
    uploads: Iterable[Upload], columns: Sequence[str], registers: Registers
) -> tuple[list[Claim], list[str]]:
    """The claims of a course system's uploads, and what a person should know of them.

    Args:
        uploads: of the export.
        columns: the roster's, in which the export's ids stand.
        registers: the roster and the times.
    """
    claims: list[Claim] = []
    notes: list[str] = []
    for upload in uploads:
        mine: dict[str, Claim] = {}  # somebody may be listed twice in one group
        for person in upload.people:
            resolve = partial(match_person, person, columns=columns)
            students, doubts = _students_of(person, columns, registers)
            notes += doubts
            for student in students:
                timing = registers.timing(student, resolve)
                mine.setdefault(student.id, Claim(student, upload, timing, student.id))
        claims += mine.values()
    return claims, notes


def _students_of(
    person: Person, columns: Sequence[str], registers: Registers
) -> tuple[Sequence[Student], list[str]]:
    """Whom an export means by a name: on the roster a student or a group's members."""
    unlisted = Student(registers.unlisted(person.id), person.name, person.email, ids=person.ids)
    if registers.roster is None:
        return [unlisted], []
    members = match_group(person, registers.roster)
    if members:
        return members, []
    match = match_person(person, registers.roster, columns)
    doubts = [match.problem] if match.problem else []
    if match.by == "name":
        doubts.append(f"{person.name} was found on the roster by name only")
    if match.student is None:
        return [unlisted], doubts
    ids = dict(person.ids) | dict(match.student.ids)
    return [replace(match.student, ids=tuple(ids.items()))], doubts


def claims_of_files(
    submissions: Iterable[Submission], registers: Registers
) -> tuple[list[Claim], list[str]]:
    """The claims of files and folders that say by their names whose they are."""
    claims: list[Claim] = []
    notes: list[str] = []
    for submission in submissions:
        resolve = partial(match_file, submission.stem)
        student, name = _named(submission, registers), submission.name
        if registers.roster is not None:
            match = resolve(registers.roster)
            if match.student is not None:
                student, name = match.student, match.student.id
            notes += [match.problem] if match.problem else []
            if match.by == "name":
                notes.append(
                    f"{shown(submission.path.name, 80)} was found on the roster by name only"
                )
        upload = Upload(
            people=(Person(student.id),),
            files=packed_alone(submission.path) or ((submission.path.name, submission.path),),
            order=(0, submission.stem),
        )
        claims.append(Claim(student, upload, registers.timing(student, resolve), name))
    return claims, notes


def _named(submission: Submission, registers: Registers) -> Student:
    """Somebody who is known by a file's name: without a roster it is taken at its word."""
    ids = (("university", submission.name),) if registers.roster is None else ()
    return Student(registers.unlisted(submission.name), ids=ids)


def numbered(mine: Sequence[Claim]) -> tuple[list[tuple[int, Claim]], str]:
    """A student's attempts in the order in which they came, and how that is known.

    By time; else by the order that the course system's own numbers tell; else by the files' names
    ("hw", "hw-2", "hw-10"), which a note says.

    Args:
        mine: all claims of one student.
    """
    if len(mine) == 1:
        return [(1, mine[0])], ""
    moments = [claim.upload.submitted_at for claim in mine]
    known = [moment for moment in moments if moment is not None]
    if len(set(known)) == len(mine):
        order = sorted(range(len(mine)), key=known.__getitem__)
        return _counted([mine[index] for index in order]), ""
    ordered = sorted(mine, key=lambda claim: _natural(claim.upload))
    if len({claim.upload.order[0] for claim in mine}) == len(mine):
        return _counted(ordered), ""
    files = ", ".join(claim.upload.files[0][0] for claim in ordered)
    note = f"{mine[0].student.id} handed in {files}: in this order, going by the names"
    return _counted(ordered), note


def _counted(ordered: Sequence[Claim]) -> list[tuple[int, Claim]]:
    # Only the last one's time is what a list of times tells; an extension is for all.
    *earlier, last = ordered
    before = [replace(claim, timing=Timing(due=claim.timing.due)) for claim in earlier]
    return list(enumerate([*before, last], start=1))


def _natural(upload: Upload) -> tuple[int, list[tuple[str, int]]]:
    words = _NUMBERS.split(upload.order[1].casefold())
    pairs = zip(words[::2], [*words[1::2], "-1"], strict=True)
    return upload.order[0], [(text, int(number)) for text, number in pairs]
