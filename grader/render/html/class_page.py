"""The class at a glance: one HTML file for staff, which holds all it needs.

It is made in one pass over the rows. Whatever their number, what is kept is the summary and at
most ``most_rows`` rows of the table, beyond which only those come in at whom somebody should
look, and of these at most half as many again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.render.class_summary import (
    CheckTally,
    ClassSummary,
    Kind,
    Reason,
)
from grader.render.html.class_plots import class_plots
from grader.render.html.environment import environment, file_link, policy
from grader.render.similar_list import PAGE, listed_pairs
from grader.standing import NOT_HANDED_IN, Course, Row

MOST_ROWS: Final = 2000
_SCRIPT: Final = "class_page.js"


@dataclass(frozen=True)
class Line:
    """One line of the table of students."""

    name: str
    href: str | None
    standing_id: str
    person: str
    section: str
    final: float | None
    penalty: float
    adjusted: float
    adjustments: int
    attempts: int
    parts: dict[str, float]
    accuracy: float | None
    seconds: float | None
    looks: list[Reason]
    said: list[str]
    """What stands in the last column: why to look, and what else staff should know."""
    bugs: list[str]


@dataclass
class _Lines:
    """The rows that are shown, of all that were seen."""

    most: int
    feedback: str | None
    rows: list[Line]
    beyond: int = 0
    """Rows after the first ``most`` that are shown because somebody should look at them."""

    def offer(self, row: Row, looks: list[Reason]) -> None:
        if len(self.rows) - self.beyond >= self.most:
            if not looks or self.beyond >= self.most // 2:
                return
            self.beyond += 1
        self.rows.append(_line(row, looks, self.feedback))


def write(course: Course, path: Path) -> None:
    """Write the page; it links to what a batch leaves beside it."""
    page = render_class_page(course, pairs=listed_pairs(path.parent))
    path.write_text(page, encoding="utf-8", newline="\n")


def render_class_page(
    course: Course,
    *,
    feedback: str | None = "feedback",
    gradebook: str | None = "gradebook.csv",
    pairs: int = 0,
    most_rows: int = MOST_ROWS,
) -> str:
    """The page, for staff: it shows names, marks and flags.

    Args:
        course: read once, one by one, in brief.
        feedback: the folder beside the page that holds each student's ``<name>.html``; None makes
            no links.
        gradebook: the file beside the page that holds every row; None where there is none.
        pairs: how many the list of `grade similar` has that lies beside the page; 0 makes no link.
        most_rows: how many students the table shows in any case.

    Returns:
        A complete HTML document, the same for the same course.
    """
    summary = ClassSummary()
    kept = _Lines(most_rows, feedback, [])
    for row in course.rows():
        kept.offer(row, summary.add(row))
    template = environment().get_template("class_page.html")
    return template.render(
        course=course,
        summary=summary,
        policy=policy(_SCRIPT),
        script=_SCRIPT,
        rows=kept.rows,
        bugs=summary.common_bugs(),
        gradebook=gradebook,
        pairs=pairs,
        similar=PAGE,
        groups=_by_part(summary.checks.values()),
        looks=_by_kind(kept.rows),
        plots=class_plots(summary),
        warnings=_warnings(summary),
    )


def _line(row: Row, looks: list[Reason], feedback: str | None) -> Line:
    result = row.result
    opened = result if result is not None and result.problem is None else None
    return Line(
        name=row.name,
        href=None if feedback is None or not row.handed_in else file_link(feedback, row.name),
        standing_id=row.student.id,
        person=row.student.name,
        section=row.student.section,
        final=row.final,
        penalty=row.penalty,
        adjusted=row.adjusted,
        adjustments=len(row.adjustments),
        attempts=row.attempts,
        parts=opened.earned_by_part if opened else {},
        accuracy=opened.accuracy if opened else None,
        seconds=opened.student_cpu if opened else None,
        looks=looks,
        said=_said(row, looks),
        bugs=[bug.id for bug in opened.bugs] if opened else [],
    )


def _said(row: Row, looks: list[Reason]) -> list[str]:
    if not row.handed_in:
        return [row.trouble or NOT_HANDED_IN]
    remarks = [row.attempt.remark] if row.attempt.remark else []
    return [*(look.message for look in looks), *remarks]


def _by_part(tallies: Iterable[CheckTally]) -> dict[str, list[CheckTally]]:
    groups: dict[str, list[CheckTally]] = {}
    for tally in tallies:
        groups.setdefault(tally.part, []).append(tally)
    return groups


def _by_kind(rows: Sequence[Line]) -> dict[Kind, list[tuple[Line, list[str]]]]:
    """Whom to look at, and why, the gravest kind first."""
    groups: dict[Kind, list[tuple[Line, list[str]]]] = {}
    for kind in Kind:
        for row in rows:
            messages = [reason.message for reason in row.looks if reason.kind is kind]
            if messages:
                groups.setdefault(kind, []).append((row, messages))
    return groups


def _warnings(summary: ClassSummary) -> list[str]:
    """What must not be overlooked about how the marks came about."""
    told = []
    if summary.walls["basic"]:
        told.append(
            f"{summary.walls['basic']} of {summary.students} were marked behind the wall “basic”, "
            "which is not secure: see docs/security.md"
        )
    if summary.visibilities["public"]:
        told.append(
            "Marked with the public cases, which students have: passing them proves less than "
            "passing hidden ones"
        )
    if summary.stand_in:
        told.append("Trained on the bundled stand-in dataset, not the published one")
    if len(summary.versions) > 1:
        told.append(
            "Marked by several versions of goldgrad: " + ", ".join(sorted(summary.versions))
        )
    return told
