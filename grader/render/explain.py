"""One finding on a page: what, how much, where, the bug's name and what to do about it."""

from __future__ import annotations

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
    named = False
    for finding in shown:
        first = told.setdefault(cause(finding), check.id)
        if everything or (first == check.id and (finding.bug is not None or not named)):
            explain_finding(page, finding, indent)
        else:
            # Another check told the cause, or the bug named above is the cause.
            page.text(headline(finding), indent, hang=2)
            if first != check.id:
                page.field("-->", f"explained at {first}", indent, "place")
        named = named or finding.bug is not None
    if len(shown) < len(check.findings):
        more = len(check.findings) - len(shown)
        page.text(f"and {more} more like this (--verbose shows all)", indent, "faint")
    for note in check.notes:
        page.field("note:", note, indent, "faint")


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
