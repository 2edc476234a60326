"""The class at a glance: one HTML file for staff, which holds all it needs.

It is made in one pass over the rows. Whatever their number, what is kept is the summary and at
most ``most_rows`` rows of the table, beyond which only those come in at whom somebody should
look, and of these at most half as many again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.render.class_summary import (
    CheckTally,
    ClassSummary,
    Distribution,
    Kind,
    Reason,
)
from grader.render.html.environment import environment, file_link, policy
from grader.render.html.plots import Histogram, draw
from grader.render.wording import points, seconds
from grader.standing import NOT_HANDED_IN, Course, Row

MOST_ROWS: Final = 2000
_SCRIPT: Final = "class_page.js"
_FEW: Final = 40
_TIMES: Final = {0.01: "10 ms", 0.1: "0.1 s", 1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min"}


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
    path.write_text(render_class_page(course), encoding="utf-8", newline="\n")


def render_class_page(
    course: Course,
    *,
    feedback: str | None = "feedback",
    gradebook: str | None = "gradebook.csv",
    most_rows: int = MOST_ROWS,
) -> str:
    """The page, for staff: it shows names, marks and flags.

    Args:
        course: read once, one by one, in brief.
        feedback: the folder beside the page that holds each student's ``<name>.html``; None makes
            no links.
        gradebook: the file beside the page that holds every row; None where there is none.
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
        groups=_by_part(summary.checks.values()),
        looks=_by_kind(kept.rows),
        plots=_plots(summary),
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


def _plots(summary: ClassSummary) -> list[tuple[str, str, Histogram, str]]:
    """(heading, caption, histogram, drawing) for what there is anything to draw of."""
    drawn = []
    if summary.marks.number:
        drawn.append(("Scores", *_scores(summary)))
    if summary.accuracies.number:
        drawn.append(("Test accuracy", *_accuracies(summary.accuracies)))
    if summary.seconds.number:
        drawn.append(("Run time", *_run_times(summary.seconds)))
    return [(heading, caption, plot, draw(plot)) for heading, caption, plot in drawn]


def _scores(summary: ClassSummary) -> tuple[str, Histogram]:
    marks = summary.marks
    top = max(summary.points, *marks.counts, 1.0)
    width = _round_width((summary.points or top) / (10 if marks.number < _FEW else 20))
    caption = _middle(marks, points, " points")
    edges = [width * step for step in range(math.ceil(top / width - 1e-9) + 1)]
    return caption, Histogram(
        "scores", f"Scores. {caption}", "points", marks.counts, edges, marks.median, text=points
    )


def _accuracies(values: Distribution) -> tuple[str, Histogram]:
    caption = _middle(values, lambda value: f"{value:.2f}", "")
    lowest = min(0.5, math.floor(min(values.counts) * 10) / 10)
    parts = round((1 - lowest) * (20 if values.number < _FEW else 40))
    edges = [round(lowest + (1 - lowest) * step / parts, 4) for step in range(parts + 1)]
    return caption, Histogram(
        "accuracies",
        f"Test accuracy. {caption}",
        "accuracy on the test lines",
        values.counts,
        edges,
        values.median,
        text=lambda value: f"{value:.3g}",
    )


def _run_times(values: Distribution) -> tuple[str, Histogram]:
    caption = _middle(values, _quick, "")
    low, high = (max(0.01, bound(values.counts)) for bound in (min, max))
    first, last = math.floor(math.log10(low) * 4), math.ceil(math.log10(high) * 4 + 1e-9)
    last = max(last, first + 4)
    edges = [10 ** (step / 4) for step in range(first, last + 1)]
    ticks = {value: text for value, text in _TIMES.items() if edges[0] <= value <= edges[-1]}
    return caption, Histogram(
        "run-times",
        f"CPU time of the student's code. {caption}",
        "CPU time of the student's code",
        values.counts,
        edges,
        values.median,
        logarithmic=True,
        text=lambda value: f"{value:.2g} s",
        ticks=ticks or {edge: _quick(edge) for edge in (edges[0], edges[-1])},
    )


def _quick(value: float) -> str:
    """Seconds, also the few hundredths that unfinished homework takes."""
    return seconds(value) if value >= 0.95 else f"{value:.2g} s"


def _middle(values: Distribution, text: Callable[[float], str], unit: str) -> str:
    """In words what a histogram shows: the median, the middle half, the ends."""
    low, high = text(values.quantile(0.25)), text(values.quantile(0.75))
    return (
        f"Median {text(values.median)}{unit}; half of the class between {low} and {high}; "
        f"lowest {text(min(values.counts))}, highest {text(max(values.counts))}."
    )


def _round_width(width: float) -> float:
    """The next larger of 0.1, 0.25, 0.5, 1, 2.5, 5, 10, ..."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2.5, 5, 10) if step * power >= width - 1e-9)
