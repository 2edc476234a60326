"""A batch at a glance: how it went, the commonest mistakes, and who needs a person."""

from __future__ import annotations

from collections.abc import Sequence

from grader.render.class_summary import ClassSummary, Kind, reasons
from grader.render.page import Page
from grader.render.wording import points, seconds, wall_label
from grader.standing import Course, Row
from grader.untrusted import shown

_SHOWN_MISTAKES = 8
_SHOWN_PEOPLE = 20


def render_overview(
    course: Course,
    elapsed: float,
    written: Sequence[str],
    *,
    width: int = 80,
    colour: bool = False,
) -> str:
    """The summary after a batch.

    Args:
        course: all students who are done; read once, none is kept.
        elapsed: wall seconds.
        written: the files to look at.
        width: of the terminal, in columns.
        colour: whether to write ANSI colours.
    """
    summary, looks = ClassSummary(), 0
    people: list[tuple[str, list[str]]] = []
    for row in course.rows():
        summary.add(row)
        why = needs_person(row)
        looks += bool(why)
        if why and len(people) < _SHOWN_PEOPLE:
            people.append((shown(row.name), why))
    page = Page(width, colour)
    page.text(_first_line(summary, looks, elapsed), style="strong")
    for path in written:
        page.text(path, indent=2)
    if "basic" in summary.walls:
        # What must not be overlooked: that the marks came about behind a weak wall.
        page.blank()
        page.field("wall:", f"{wall_label('basic')}; see docs/security.md", 0, "bad")
    _mistakes(page, summary)
    _people(page, people, looks)
    return str(page)


def needs_person(row: Row) -> list[str]:
    """Why somebody should look at this row; empty when nobody needs to.

    Student code that ran into a limit is the student's own affair, unlike on the class page.
    """
    return [reason.message for reason in reasons(row) if reason.kind is not Kind.STOPPED]


def _first_line(summary: ClassSummary, looks: int, elapsed: float) -> str:
    fields = [f"{summary.walls.total()} graded"]
    if looks:
        fields.append(f"{looks} {'needs' if looks == 1 else 'need'} a person")
    if summary.absent:
        fields.append(f"{summary.absent} not handed in")
    if summary.marks.number:
        median, mean = summary.marks.median, summary.marks.mean
        fields += [f"median {points(round(median, 1))}", f"mean {points(round(mean, 1))}"]
    return "   ".join([*fields, seconds(elapsed)])


def _mistakes(page: Page, summary: ClassSummary) -> None:
    """Named bugs and how many students have them, most frequent first."""
    found = summary.common_bugs()
    if not found:
        return
    page.blank()
    page.text("Most common mistakes", style="strong")
    align = len(str(found[0].number))
    for tally in found[:_SHOWN_MISTAKES]:
        page.text(f"{tally.number:>{align}}  {tally.bug.message}", indent=2, hang=align + 2)
    if len(found) > _SHOWN_MISTAKES:
        page.text(f"and {len(found) - _SHOWN_MISTAKES} others", indent=2, style="faint")


def _people(page: Page, people: Sequence[tuple[str, list[str]]], looks: int) -> None:
    if not people:
        return
    page.blank()
    page.text("Need a person", style="strong")
    align = min(30, max(len(name) for name, _ in people))
    for name, why in people:
        for label, reason in zip([name, *[""] * len(why)], why, strict=False):
            page.text(f"{label:<{align}}  {reason}", indent=2, hang=align + 2)
    if looks > len(people):
        page.text(f"and {looks - len(people)} more: see the gradebook", indent=2, style="faint")
