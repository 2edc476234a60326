"""A batch at a glance: how it went, the commonest mistakes, and who needs a person."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from grader.render.page import Page
from grader.render.wording import points, seconds, wall_label
from grader.result import NamedBug, Result
from grader.standing import Standing
from grader.untrusted import shown

_SHOWN_MISTAKES = 8
_SHOWN_PEOPLE = 20


@dataclass
class _Class:
    """What is kept of the standings, one pass over them: no Result."""

    scores: list[float] = field(default_factory=list)
    walls: set[str] = field(default_factory=set)
    bugs: dict[str, NamedBug] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    looks: int = 0
    people: list[tuple[str, list[str]]] = field(default_factory=list)
    """The first to look at: a name, and why."""

    def add(self, standing: Standing) -> None:
        reasons = needs_person(standing)
        if reasons:
            self.looks += 1
            if len(self.people) < _SHOWN_PEOPLE:
                self.people.append((shown(standing.name), reasons))
        if standing.result is not None:
            self.scores.append(standing.final or 0.0)
            self.walls.add(standing.result.wall)
            bugs = _bugs(standing.result)
            self.bugs |= bugs
            self.counted.update(bugs.keys())


def render_overview(
    standings: Iterable[Standing],
    elapsed: float,
    written: Sequence[str],
    *,
    width: int = 80,
    colour: bool = False,
) -> str:
    """The summary after a batch.

    Args:
        standings: of all students who are done; read once, none is kept.
        elapsed: wall seconds.
        written: the files to look at.
        width: of the terminal, in columns.
        colour: whether to write ANSI colours.
    """
    seen = _Class()
    for standing in standings:
        seen.add(standing)
    page = Page(width, colour)
    page.text(_first_line(seen, elapsed), style="strong")
    for path in written:
        page.text(path, indent=2)
    if "basic" in seen.walls:
        # What must not be overlooked: that the marks came about behind a weak wall.
        page.blank()
        page.field("wall:", f"{wall_label('basic')}; see docs/security.md", 0, "bad")
    _mistakes(page, seen)
    _people(page, seen)
    return str(page)


def _bugs(result: Result) -> dict[str, NamedBug]:
    return {
        finding.bug.id: finding.bug
        for part in result.parts
        for check in part.checks
        for finding in check.findings
        if finding.bug is not None
    }


def needs_person(standing: Standing) -> list[str]:
    """Why somebody should look at this row; empty when nobody needs to."""
    if standing.result is None:
        return [standing.trouble or "not marked"]
    if standing.result.problem is not None:
        return [standing.result.problem]
    raised = [f"{flag.kind}: {flag.message}" for flag in standing.result.flags]
    return raised if standing.trouble is None else [standing.trouble, *raised]


def _first_line(seen: _Class, elapsed: float) -> str:
    fields = [f"{len(seen.scores)} graded"]
    if seen.looks:
        fields.append(f"{seen.looks} {'needs' if seen.looks == 1 else 'need'} a person")
    if seen.scores:
        median, mean = statistics.median(seen.scores), statistics.fmean(seen.scores)
        fields += [f"median {points(round(median, 1))}", f"mean {points(round(mean, 1))}"]
    return "   ".join([*fields, seconds(elapsed)])


def _mistakes(page: Page, seen: _Class) -> None:
    """Named bugs and how many students have them, most frequent first."""
    found = sorted(seen.counted.items(), key=lambda item: (-item[1], item[0]))
    if not found:
        return
    page.blank()
    page.text("Most common mistakes", style="strong")
    align = len(str(found[0][1]))
    for bug, number in found[:_SHOWN_MISTAKES]:
        page.text(f"{number:>{align}}  {seen.bugs[bug].message}", indent=2, hang=align + 2)
    if len(found) > _SHOWN_MISTAKES:
        page.text(f"and {len(found) - _SHOWN_MISTAKES} others", indent=2, style="faint")


def _people(page: Page, seen: _Class) -> None:
    if not seen.people:
        return
    page.blank()
    page.text("Need a person", style="strong")
    align = min(30, max(len(name) for name, _ in seen.people))
    for name, reasons in seen.people:
        for label, reason in zip([name, *[""] * len(reasons)], reasons, strict=False):
            page.text(f"{label:<{align}}  {reason}", indent=2, hang=align + 2)
    if seen.looks > len(seen.people):
        more = seen.looks - len(seen.people)
        page.text(f"and {more} more: see the gradebook", indent=2, style="faint")
