"""`grade check`: where the student stands in a glance, and the first thing to mend.

The checks are gathered into a line a topic; only the first mistake is explained, because the
others often follow from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.render.explain import STATUS_STYLES, cause, explain_check, status_word
from grader.render.page import Page
from grader.render.wording import count, facts, seconds, waiting, wall_label, where
from grader.result import CheckResult, PartResult, Result, Status

# What a topic's line shows: the most urgent of its checks.
_URGENCY = (Status.FAIL, Status.TODO, Status.WAIT, Status.OK, Status.SKIP)
_TRAIN = "grade check --train"


@dataclass(frozen=True)
class Topic:
    """Checks that one line sums up."""

    name: str
    checks: tuple[CheckResult, ...]

    @property
    def status(self) -> Status:
        """The most urgent status of its checks; ``skip`` only when none ran."""
        present = {check.status for check in self.checks}
        return next(status for status in _URGENCY if status in present)


def topics(result: Result) -> list[Topic]:
    """The lines of the overview, in the assignment's order.

    A part is a topic. Where a part holds several things (conv/..., max_pool/...), each function is
    one, and functions of the same thing that are all done, or all unwritten, share a line.
    """
    found: list[Topic] = []
    for part in result.parts:
        things = _grouped(part.checks, depth=1)
        if len(things) == 1:
            found.append(Topic(part.id, tuple(part.checks)))
            continue
        for thing in things:
            found.extend(_functions(thing))
    return found


def is_clean(result: Result) -> bool:
    """Whether nothing failed, is unwritten or waits: `grade check` then ends with exit code 0."""
    done = {Status.OK, Status.SKIP}
    return result.problem is None and all(check.status in done for check in _checks(result.parts))


def render_self_check(
    result: Result, *, width: int = 80, colour: bool = False, everything: bool = False
) -> str:
    """The overview and the first mistake (all of them, if ``everything``) as text."""
    page = Page(width, colour)
    visibility = result.bundle.visibility if result.bundle else "public"
    title = f"{result.assignment}  self-check, {visibility} cases"
    wall = wall_label(result.wall, self_check=True)
    page.columns(title, f"wall: {wall}   {seconds(result.timing.total)}", "strong")
    page.blank()
    if result.problem is not None:
        page.field("Nothing could be checked:", result.problem, 0, "bad")
        return str(page)
    _overview(page, topics(result))
    page.blank()
    _what_next(page, result, everything=everything)
    page.blank()
    for fact in [*_remarks(result, everything=everything), *facts(result)]:
        page.field("note:", fact, 0, "faint")
    return str(page)


def _remarks(result: Result, *, everything: bool) -> list[str]:
    """What was remarked on checks that are right, once there is nothing else to look at."""
    checks = list(_checks(result.parts))
    if not everything and any(check.status in {Status.FAIL, Status.TODO} for check in checks):
        return []
    right = [check for check in checks if check.status is Status.OK]
    return [f"{check.id}: {note}" for check in right for note in check.notes]


def _grouped(checks: Iterable[CheckResult], depth: int) -> list[Topic]:
    groups: dict[str, list[CheckResult]] = {}
    for check in checks:
        groups.setdefault("/".join(check.id.split("/")[:depth]), []).append(check)
    return [Topic(name, tuple(members)) for name, members in groups.items()]


def _functions(thing: Topic) -> list[Topic]:
    functions = _grouped(thing.checks, depth=2)
    statuses = {function.status for function in functions}
    if len(statuses) == 1 and Status.FAIL not in statuses:
        return [thing]
    return [Topic(f.name.replace("/", "_"), f.checks) for f in functions]


def _checks(parts: Iterable[PartResult]) -> Iterable[CheckResult]:
    return (check for part in parts for check in part.checks)


def _overview(page: Page, lines: list[Topic]) -> None:
    align = max((len(topic.name) for topic in lines), default=0)
    home = {check.id: topic.name for topic in lines for check in topic.checks}
    for topic in lines:
        word = page.paint(f"{status_word(topic.status):<4}", STATUS_STYLES[topic.status])
        page.row(f"  {word}  {topic.name:<{align}}", _remark(topic, home), indent=10)


def _remark(topic: Topic, home: Mapping[str, str]) -> str:
    by_status = {s: [c for c in topic.checks if c.status is s] for s in Status}
    if topic.status is Status.SKIP:
        return f"not run: {_TRAIN}"
    if topic.status is Status.WAIT:
        first = by_status[Status.WAIT][0]
        topic_awaited = home.get(first.waits_for or "")
        return f"after {topic_awaited}" if topic_awaited else waiting(first)
    if topic.status is Status.TODO and len(by_status[Status.TODO]) == len(topic.checks):
        places = where([f for check in topic.checks for f in check.findings])
        return f"not written yet ({places})" if places else "not written yet"
    remark = _tally([c for c in topic.checks if c.status is not Status.SKIP])
    asides = [
        f"{len(by_status[status])} {words}"
        for status, words in ((Status.TODO, "not written yet"), (Status.SKIP, "with --train"))
        if by_status[status]
    ]
    return f"{remark}, {', '.join(asides)}" if asides else remark


def _tally(checks: list[CheckResult]) -> str:
    """Golden cases where every check has them, else checks."""
    cases = [check.cases for check in checks if check.cases is not None]
    if cases and len(cases) == len(checks):
        return f"{sum(right for right, _ in cases)} of {sum(of for _, of in cases)}"
    return f"{sum(check.status is Status.OK for check in checks)} of {len(checks)}"


def _what_next(page: Page, result: Result, *, everything: bool) -> None:
    checks = list(_checks(result.parts))
    failing = _one_a_cause([check for check in checks if check.status is Status.FAIL])
    unwritten = _one_a_cause([check for check in checks if check.status is Status.TODO])
    if not failing and not unwritten:
        _done(page, result)
    elif everything:
        _explained(page, "To mend", failing)
        _explained(page, "To write", unwritten)
    else:
        in_code = [check for check in failing if _is_about_code(check)]
        if unwritten and not in_code:  # a report is written last
            _explained(page, "The next thing to write", unwritten[:1])
            others = len(failing)
        else:
            _explained(page, "The first thing to mend", (in_code or failing)[:1])
            others = len(failing) - 1
        if others:
            page.blank()
            page.text(f"{others} more after this: grade check --all")


def _one_a_cause(checks: list[CheckResult]) -> list[CheckResult]:
    """The first check of each cause: an unwritten function makes several say the same."""
    first: dict[str, CheckResult] = {}
    for check in checks:
        first.setdefault(cause(check.findings[0]) if check.findings else check.id, check)
    return list(first.values())


def _is_about_code(check: CheckResult) -> bool:
    files = {finding.place.file for finding in check.findings if finding.place is not None}
    return not files or any(file.endswith((".py", ".ipynb")) for file in files)


def _explained(page: Page, heading: str, checks: list[CheckResult]) -> None:
    if not checks:
        return
    page.blank()
    page.text(heading, style="strong")
    told: dict[str, str] = {}
    for check in checks:
        page.text(f"{check.id}  {check.title}", indent=2)
        explain_check(page, check, 4, told)


def _done(page: Page, result: Result) -> None:
    skipped = [c for c in _checks(result.parts) if c.status is Status.SKIP]
    if skipped:
        page.text(
            f"All that was run is right. {count(len(skipped), 'check')} "
            f"{'needs' if len(skipped) == 1 else 'need'} your network trained: {_TRAIN}"
        )
    else:
        page.text("All is right. The grader's own cases differ from these, so test odd shapes too.")
