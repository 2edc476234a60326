"""A batch at a glance: how it went, the commonest mistakes, and who needs a person."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from grader.render.gradebook import Entry
from grader.render.page import Page
from grader.render.wording import points, seconds, wall_label
from grader.result import NamedBug, Result
from grader.untrusted import shown

_SHOWN_MISTAKES = 8
_SHOWN_PEOPLE = 20


def render_overview(
    entries: Sequence[Entry],
    elapsed: float,
    written: Sequence[str],
    *,
    width: int = 80,
    colour: bool = False,
) -> str:
    """The summary after a batch.

    Args:
        entries: all submissions of the batch that are done.
        elapsed: wall seconds.
        written: the files to look at.
        width: of the terminal, in columns.
        colour: whether to write ANSI colours.
    """
    page = Page(width, colour)
    page.text(_first_line(entries, elapsed), style="strong")
    for path in written:
        page.text(path, indent=2)
    _wall(page, entries)
    _mistakes(page, entries)
    _people(page, entries)
    return str(page)


def common_bugs(results: Sequence[Result]) -> list[tuple[int, NamedBug]]:
    """Named bugs and how many submissions have them, most frequent first."""
    known: dict[str, NamedBug] = {}
    counted: Counter[str] = Counter()
    for result in results:
        bugs = {
            finding.bug.id: finding.bug
            for part in result.parts
            for check in part.checks
            for finding in check.findings
            if finding.bug is not None
        }
        known |= bugs
        counted.update(bugs.keys())
    order = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [(number, known[bug]) for bug, number in order]


def needs_person(entry: Entry) -> list[str]:
    """Why somebody should look at this entry; empty when nobody needs to."""
    if entry.result is None:
        return [entry.trouble or "not marked"]
    if entry.result.problem is not None:
        return [entry.result.problem]
    return [f"{flag.kind}: {flag.message}" for flag in entry.result.flags]


def _first_line(entries: Sequence[Entry], elapsed: float) -> str:
    scores = [entry.result.earned for entry in entries if entry.result is not None]
    looks = sum(bool(needs_person(entry)) for entry in entries)
    fields = [f"{len(scores)} graded"]
    if looks:
        fields.append(f"{looks} {'needs' if looks == 1 else 'need'} a person")
    if scores:
        median, mean = statistics.median(scores), statistics.fmean(scores)
        fields += [f"median {points(round(median, 1))}", f"mean {points(round(mean, 1))}"]
    return "   ".join([*fields, seconds(elapsed)])


def _wall(page: Page, entries: Sequence[Entry]) -> None:
    """What must not be overlooked: that the marks came about behind a weak wall."""
    walls = {entry.result.wall for entry in entries if entry.result is not None}
    if "basic" in walls:
        page.blank()
        page.field("wall:", f"{wall_label('basic')}; see docs/security.md", 0, "bad")


def _mistakes(page: Page, entries: Sequence[Entry]) -> None:
    found = common_bugs([entry.result for entry in entries if entry.result is not None])
    if not found:
        return
    page.blank()
    page.text("Most common mistakes", style="strong")
    align = len(str(found[0][0]))
    for number, bug in found[:_SHOWN_MISTAKES]:
        page.text(f"{number:>{align}}  {bug.message}", indent=2, hang=align + 2)
    if len(found) > _SHOWN_MISTAKES:
        page.text(f"and {len(found) - _SHOWN_MISTAKES} others", indent=2, style="faint")


def _people(page: Page, entries: Sequence[Entry]) -> None:
    looks = [(entry, reasons) for entry in entries if (reasons := needs_person(entry))]
    if not looks:
        return
    page.blank()
    page.text("Need a person", style="strong")
    shown_looks = looks[:_SHOWN_PEOPLE]
    align = min(30, max(len(shown(entry.name)) for entry, _ in shown_looks))
    for entry, reasons in shown_looks:
        for label, reason in zip([shown(entry.name), *[""] * len(reasons)], reasons, strict=False):
            page.text(f"{label:<{align}}  {reason}", indent=2, hang=align + 2)
    if len(looks) > _SHOWN_PEOPLE:
        more = len(looks) - _SHOWN_PEOPLE
        page.text(f"and {more} more: see the gradebook", indent=2, style="faint")
