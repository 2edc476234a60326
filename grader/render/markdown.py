"""A feedback file in Markdown: the same story as at the terminal, for handing out.

Nothing in it is interpreted that the grader did not write itself: file names, source lines and
what student code said stand in code spans, all other text is escaped for Markdown and HTML.
"""

from __future__ import annotations

import re

from grader.render.explain import explained, headline
from grader.render.training_figures import losses_of
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
from grader.result import CheckResult, Finding, Flag, PartResult, Result, Status
from grader.untrusted import shown

# An underscore inside a word (own_loss) means nothing to Markdown and stays readable.
_SPECIAL = re.compile(r"([\\`*{}\[\]<>&|~$#@!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_BULLET = re.compile(r"^([-+=]+)")
_ENUMERATION = re.compile(r"^(\d+)([.)])(?=\s|$)")
_LONGEST = 2000


def escaped(text: str) -> str:
    """One line of text without meaning for Markdown, HTML, autolinks, or mentions."""
    line = _SPECIAL.sub(r"\\\1", shown(text, _LONGEST))
    line = line.replace("://", "\\://").replace("www.", "www\\.")
    return _ENUMERATION.sub(r"\1\\\2", _BULLET.sub(r"\\\1", line))


def code(text: str) -> str:
    """One line of text as a code span, whatever backticks it holds."""
    line = shown(text, _LONGEST)
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", line)), default=0))
    pad = " " if line[:1] in {"`", ""} or line[-1:] in {"`", ""} else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def render_markdown(result: Result) -> str:
    """The result as a Markdown document; pass it through ``for_audience`` first."""
    lines = [f"# {escaped(result.assignment)}: {escaped(result.title)}", ""]
    total = f"{points(result.earned)} of {points(result.points)} points"
    lines += [f"{code(result.submission.name)}: **{total}**", ""]
    if result.problem is not None:
        lines += [f"**Not marked:** {escaped(result.problem)}", ""]
    lines += [*_table(result), "", *_training(result)]
    told: dict[str, str] = {}
    for part in result.parts if result.problem is None else []:
        lines += _part(part, told)
    lines += _flags(flags(result))
    lines += [f"Note: {escaped(fact)}\n" for fact in [*facts(result), *about_the_marks(result)]]
    if any(check.hidden for part in result.parts for check in part.checks):
        lines += ["Inputs and expected values of hidden cases are not shown to students.", ""]
    version = result.versions.get("goldgrad", "")
    timing = f"{seconds(result.timing.total)}, wall: {escaped(wall_label(result.wall))}"
    lines += [f"Marked by goldgrad {escaped(version)} in {timing}."]
    return "\n".join(lines) + "\n"


def _table(result: Result) -> list[str]:
    rows = [
        (escaped(part.title), fraction(part.earned, part.points), escaped(part.remark or ""))
        for part in result.parts
    ]
    rows += [("Deduction", f"-{points(d.points)}", escaped(d.reason)) for d in result.deductions]
    rows.append(("**Total**", f"**{fraction(result.earned, result.points)}**", ""))
    return [
        "| part | points | |",
        "| --- | ---: | --- |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _training(result: Result) -> list[str]:
    """The losses that the HTML page draws, as a small table."""
    losses = losses_of(result)
    if losses is None:
        return []
    samples = losses.samples()
    return [
        "The loss, as your `train` returned it:",
        "",
        f"| epoch | {' | '.join(f'{epoch:.0f}' for epoch, _ in samples)} |",
        f"| --- |{' ---: |' * len(samples)}",
        f"| loss | {' | '.join(f'{loss:.4g}' for _, loss in samples)} |",
        "",
    ]


def _part(part: PartResult, told: dict[str, str]) -> list[str]:
    checks = [check for check in part.checks if lost_points(check)]
    if not checks:
        return []
    lines = [f"## {escaped(part.title)}: {fraction(part.earned, part.points)}", ""]
    for check in checks:
        if check.status in {Status.OK, Status.FAIL}:
            lines += _check(check, told)
    left = [_unchecked(check) for check in checks if check.status not in {Status.OK, Status.FAIL}]
    # The paragraph keeps this list apart from the one of the last finding.
    return [*lines, "Not checked:", "", *left, ""] if left else lines


def _unchecked(check: CheckResult) -> str:
    """A check that did not run, in a line: why, and where to begin."""
    worth = fraction(check.earned, check.points)
    return f"- {escaped(check.title)} ({code(check.id)}), {worth}: {why_unchecked(check)}"


def why_unchecked(check: CheckResult) -> str:
    """Why a check did not run, in Markdown, as the end of a sentence."""
    if check.status is Status.TODO:
        places = where(check.findings)
        return f"not written yet ({code(places)})" if places else "not written yet"
    if check.status is Status.WAIT:
        return f"{escaped(waiting(check))} works"
    return escaped("; ".join(check.notes) or "not run")


def _check(check: CheckResult, told: dict[str, str]) -> list[str]:
    heading = f"{escaped(check.title)} ({code(check.id)}): {fraction(check.earned, check.points)}"
    return [f"### {heading}", "", *explanation(check, told)]


def explanation(check: CheckResult, told: dict[str, str]) -> list[str]:
    """What is said of a check that ran, in lines of Markdown.

    Args:
        check: its findings and notes.
        told: the causes explained so far on the page, and at which check; added to.
    """
    lines: list[str] = []
    for each in explained(check, told):
        if each.first is None:
            lines += [*_finding(each.finding, advise=each.advise), ""]
            continue
        reference = f"The same as at {code(each.first)}."
        if each.finding.bug is not None:
            reference = f"{escaped(headline(each.finding))}. {reference}"
        lines += [reference, ""]
    for note in check.notes:
        lines += [f"Note: {escaped(note)}", ""]
    return lines


def _finding(finding: Finding, *, advise: bool) -> list[str]:
    lines = [escaped(headline(finding)), ""]
    if finding.numbers:
        lines.append(f"- how much: {escaped(finding.numbers)}")
    if finding.place is not None:
        excerpt = f": {code(finding.excerpt)}" if finding.excerpt else ""
        lines.append(f"- where: {code(str(finding.place))}{excerpt}")
    if finding.student_text:
        lines.append(f"- your code said: {code(finding.student_text)}")
    advice = finding.help if advise else None
    if finding.bug is not None:
        lines.append(f"- **bug:** {escaped(finding.bug.message)}")
        advice = finding.bug.help
    if advice:
        lines.append(f"- **help:** {escaped(advice)}")
    return lines


def _flags(raised: list[Flag]) -> list[str]:
    if not raised:
        return []
    lines = ["## For a person to look at (no points were taken for these)", ""]
    for flag in raised:
        place = f" ({code(str(flag.place))})" if flag.place is not None else ""
        lines.append(f"- {escaped(flag.kind)}: {escaped(flag.message)}{place}")
    return [*lines, ""]
