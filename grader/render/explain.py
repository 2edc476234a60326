"""One finding on a page: what, how much, where, the bug's name and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.render.page import Page, Style
from grader.result import CheckResult, Finding, Status

STATUS_STYLES: dict[Status, Style] = {
    Status.OK: "good",
    Status.FAIL: "bad",
    Status.TODO: "odd",
    Status.WAIT: "odd",
    Status.SKIP: "faint",
}
_SHOWN_FINDINGS = 3


def status_word(status: Status) -> str:
    """FAIL stands out in a column of ok, todo, wait and skip."""
    return "FAIL" if status is Status.FAIL else status.value


def headline(finding: Finding) -> str:
    """What is wrong, and for which kind of case."""
    return f"{finding.what} ({finding.category})" if finding.category else finding.what


def cause(finding: Finding) -> str:
    """What identifies a mistake: the named bug, else what is wrong and where."""
    if finding.bug is not None:
        return f"bug {finding.bug.id}"
    return f"{finding.what} {finding.place}"


@dataclass(frozen=True)
class Explained:
    """What a feedback file says of a finding."""

    finding: Finding
    first: str | None
    """The check where its cause was explained already; None: it is explained here."""
    advise: bool
    """Whether its own help is given; beside a named bug the bug's help is the better one."""


def explained(check: CheckResult, told: dict[str, str]) -> Iterator[Explained]:
    """The findings of one check, each cause explained once a page and referred to once a check.

    Args:
        check: whose findings they are.
        told: causes explained so far, and in which check; added to.
    """
    named, referred = False, set()
    for finding in check.findings:
        first = told.setdefault(cause(finding), check.id)
        if first == check.id:
            yield Explained(finding, None, advise=not named)
        elif finding.bug is not None or first not in referred:
            referred.add(first)
            yield Explained(finding, first, advise=False)
        named = named or finding.bug is not None


def explain_check(
    page: Page, check: CheckResult, indent: int, told: dict[str, str], *, everything: bool = False
) -> None:
    """The findings and notes of one check.

    Args:
        page: what is written on.
        check: whose findings they are.
        indent: columns from the left.
        told: causes explained so far, and in which check; a cause is explained once a page.
        everything: show all findings and say it all again.
    """
    shown = check.findings if everything else check.findings[:_SHOWN_FINDINGS]
    here: set[str] = set()
    for finding in shown:
        why = cause(finding)
        first = told.setdefault(why, check.id)
        if everything:
            explain_finding(page, finding, indent)
        elif first != check.id:
            _refer(page, finding, indent, first, again=why in here)
        elif finding.bug is None and any(known.startswith("bug ") for known in here):
            # What else the bug breaks in this check; the bug is its explanation and its place.
            page.text(headline(finding), indent, hang=2)
        else:
            explain_finding(page, finding, indent)
        here.add(why)
    if len(shown) < len(check.findings):
        more = len(check.findings) - len(shown)
        page.text(f"and {more} more like this (--verbose shows all)", indent, "faint")
    for note in check.notes:
        page.field("note:", note, indent, "faint")


def _refer(page: Page, finding: Finding, indent: int, first: str, *, again: bool) -> None:
    """A cause that an earlier check explained: what else it breaks, and where to read on."""
    if finding.bug is not None:
        page.text(headline(finding), indent, hang=2)
        page.field("bug:", f"the same as at {first}", indent, "bad")
    elif not again:
        page.text(f"the same as at {first}", indent)


def explain_finding(page: Page, finding: Finding, indent: int) -> None:
    """One finding, at most one line or paragraph for each thing known about it."""
    page.text(headline(finding), indent, hang=2)
    if finding.numbers:
        page.text(finding.numbers, indent, hang=2)
    if finding.place is not None:
        page.field("-->", str(finding.place), indent, "place")
        if finding.excerpt:
            page.field("  |", finding.excerpt, indent, "place")
    if finding.student_text:
        page.field("said:", finding.student_text, indent, "faint")
    advice = finding.help
    if finding.bug is not None:
        page.field("bug:", finding.bug.message, indent, "bad")
        advice = finding.bug.help
    if advice:
        page.field("help:", advice, indent, "good")
