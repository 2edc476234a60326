"""A whole Result for a person at a terminal: the score table, then each lost point explained."""

from __future__ import annotations

from tabulate import tabulate

from grader.render.explain import STATUS_STYLES, explain_check, status_word
from grader.render.page import Page, Style
from grader.render.wording import (
    about_the_marks,
    facts,
    flags,
    fraction,
    lost_points,
    points,
    seconds,
    waiting,
    wall_label,
    where,
)
from grader.result import CheckResult, PartResult, Result, Status
from grader.untrusted import shown

_NARROWEST_REMARK = 16


def render_terminal(
    result: Result, *, width: int = 80, colour: bool = False, verbose: bool = False
) -> str:
    """The result as text.

    Args:
        result: what the reader may see of it (grader.render.audience).
        width: of the terminal, in columns.
        colour: whether to write ANSI colours.
        verbose: every check, every finding, and what was used.
    """
    page = Page(width, colour)
    _head(page, result)
    _table(page, result)
    if result.problem is not None:
        page.blank()
        page.field("Not marked:", result.problem, 0, "bad")
    else:
        told: dict[str, str] = {}
        for part in result.parts:
            _part(page, part, told, verbose=verbose)
    _flags(page, result)
    for note in [*facts(result), *about_the_marks(result)]:
        page.field("note:", note, 0, "faint")
    if verbose:
        _particulars(page, result)
    return str(page)


def _head(page: Page, result: Result) -> None:
    left = f"{result.assignment}  {result.title}"
    name, wall = shown(result.submission.name, 60), f"wall: {wall_label(result.wall)}"
    gap = min(page.width, 80) - len(left) - len(name) - len(wall)
    if gap >= 6:
        name = " " * (gap // 2) + name
        page.columns(left + name, wall, "strong")
    else:
        page.text(left, style="strong")
        page.columns(name, wall)
    page.blank()


def _table(page: Page, result: Result) -> None:
    cells = [
        [
            shown(part.title),
            page.paint(fraction(part.earned, part.points), _share(part)),
            shown(part.remark or ""),
        ]
        for part in result.parts
    ]
    cells += [["Deduction", f"-{points(d.points)}", shown(d.reason)] for d in result.deductions]
    total = fraction(result.earned, result.points)
    cells.append([page.paint("Total", "strong"), page.paint(total, "strong"), ""])
    taken = max(len(part.title) for part in result.parts) if result.parts else 5
    room = max(_NARROWEST_REMARK, page.width - max(taken, len("Deduction")) - len(total) - 4)
    text = tabulate(
        cells,
        headers=["part", "points", ""],
        tablefmt="plain",
        disable_numparse=True,
        colalign=("left", "right", "left"),
        maxcolwidths=[None, None, room],
    )
    *body, last = text.split("\n")
    for line in body:
        page.raw(line)
    page.row(last.rstrip(), _timing(result))


def _share(part: PartResult) -> Style:
    if part.earned >= part.points:
        return "good"
    return "odd" if part.earned > 0 else "bad"


def _timing(result: Result) -> str:
    timing = result.timing
    # Training runs side by side: the student's CPU time may be more than what went by.
    return f"{seconds(timing.total)}, student's code {seconds(timing.student_cpu)} of CPU time"


def _part(page: Page, part: PartResult, told: dict[str, str], *, verbose: bool) -> None:
    checks = part.checks if verbose else [check for check in part.checks if lost_points(check)]
    if not checks:
        return
    page.blank()
    lost = part.points - part.earned
    page.text(f"{part.title}  -{points(lost)}" if lost > 0 else part.title, style="strong")
    names = max(len(check.id) for check in checks)
    numbers = max(len(fraction(check.earned, check.points)) for check in checks)
    for check in checks:
        word = page.paint(f"{status_word(check.status):<4}", STATUS_STYLES[check.status])
        number = f"{fraction(check.earned, check.points):>{numbers}}"
        page.row(f"  {word} {check.id:<{names}}  {number}", _aside(check))
        # Of what was not run the line says all there is to know.
        if check.status in {Status.OK, Status.FAIL} or verbose:
            explain_check(page, check, 4, told, everything=verbose)


def _aside(check: CheckResult) -> str:
    """What stands beside the points of a check that did not run, or of all its cases."""
    if check.status is Status.TODO:
        places = where(check.findings)
        return f"not written yet ({places})" if places else "not written yet"
    if check.status is Status.WAIT:
        return waiting(check)
    if check.status is Status.SKIP:
        return "; ".join(check.notes) or "not run"
    if check.cases is not None:
        right, of = check.cases
        return f"{right} of {of} cases" if right < of or check.status is Status.OK else ""
    return ""


def _flags(page: Page, result: Result) -> None:
    page.blank()
    if not flags(result):
        page.text("Flags for a person: none", style="faint")
        return
    page.text("Flags for a person (no points were taken for these)", style="strong")
    for flag in flags(result):
        page.field(f"{flag.kind}:", flag.message, 2, "odd")
        if flag.place is not None:
            page.field("-->", str(flag.place), 4, "place")


def _particulars(page: Page, result: Result) -> None:
    page.blank()
    page.text("Particulars", style="strong")
    info = result.submission
    page.field("submission:", f"{info.name} ({info.kind}), SHA-256 {info.sha256}", 2)
    if info.files:
        page.field("files read:", ", ".join(info.files), 2)
    if info.ignored:
        page.field("set aside:", "; ".join(info.ignored), 2)
    if result.bundle is not None:
        bundle = result.bundle
        page.field("golden cases:", f"{bundle.visibility}, SHA-256 {bundle.sha256}", 2)
    if result.dataset is not None:
        page.field("dataset:", f"{result.dataset.name}, SHA-256 {result.dataset.sha256}", 2)
    versions = ", ".join(f"{name} {version}" for name, version in result.versions.items())
    page.field("versions:", versions, 2)
