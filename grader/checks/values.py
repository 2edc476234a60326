"""Outputs of the student's functions against golden values."""

from __future__ import annotations

from collections.abc import Iterable

from grader.assignment import ValuesCheck
from grader.bundle import Case, Problem
from grader.checks.case_run import error_finding
from grader.checks.context import Context
from grader.checks.conventions import as_understood, other_convention
from grader.checks.explanation import charged_elsewhere, explain
from grader.checks.follow_through import Followed, followed_through
from grader.checks.judging import Judged, judge
from grader.checks.own_parts import raised_in
from grader.checks.verdict import Verdict, absent, excused, failed, passed, unwritten, waiting
from grader.compare import Mismatch, Stage
from grader.result import Finding, NamedBug, Status
from grader.student.errors import NotWritten
from grader.worker.targets import Target

_MOST_FINDINGS = 3
_HELP: dict[Stage, str] = {
    "type": "return NumPy arrays (or numbers) of the documented shapes",
    "shape": "the docstring in the template gives the shape of every result",
    "dtype": "compute in float64",
    "finite": "look for exp of a large number, log of 0, or a division by 0",
    "values": "work a tiny case out by hand",
}
_GRADIENT_HELP = f"{_HELP['values']}, or compare with central differences of the forward"
_ANSWER_HELP = "read the question once more, and work it out by hand"


def check_values(check: ValuesCheck, context: Context) -> Verdict:
    """Compare the chosen cases' outputs; the fraction of right cases is the fraction of points."""
    if check.id not in context.settled:
        context.settled[check.id] = _checked(check, context)
    return context.settled[check.id]


def _checked(check: ValuesCheck, context: Context) -> Verdict:
    problem = context.problem(check.problem)
    if check.optional and context.student.definitions.absent(problem.function):
        return absent(problem.function)
    early = _cannot_run(check, context, problem, context.cases(problem, check.cases))
    if early is not None and early.status is not Status.WAIT:
        return early
    judged = _judged(check, context, problem)
    if not all(item.right for item in judged):
        # What builds on another function may only wait for it in the assignment's own way.
        meant = as_understood(context, problem)
        if meant is not problem:
            problem, judged = meant, _judged(check, context, meant)
            early = _cannot_run(check, context, problem, context.cases(problem, check.cases))
    if early is not None:
        return early
    if all(_not_returned(item, check.outputs) for item in judged):
        function = problem.function
        place = judged[0].run.place
        return unwritten(Finding(what=f"{function} returns no gradients yet", place=place))
    return _verdict(check, context, problem, judged)


def _judged(check: ValuesCheck, context: Context, problem: Problem) -> list[Judged]:
    runs = context.run_all(problem, context.cases(problem, check.cases))
    return [judge(run, check.outputs, problem) for run in runs]


def _verdict(
    check: ValuesCheck, context: Context, problem: Problem, judged: list[Judged]
) -> Verdict:
    wrong = [item for item in judged if not item.right]
    if len(wrong) == len(judged):
        left = _left_as_it_was(check, context, problem, judged)
        if left is not None:
            return left
    changed = sorted({note for item in judged for note in item.run.modified})
    notes = [
        f"{note} in place; work on a copy (nothing was deducted)"
        for note in context.told_first(changed)
    ]
    if not wrong:
        return passed(*notes, cases=(len(judged), len(judged)))
    followed = Followed(wrong)
    if check.follow_through:
        followed = followed_through(context, problem, wrong, len(judged), check_values)
        notes += followed.notes
        wrong = followed.rest
    by = followed.blamed
    right = len(judged) - len(wrong)
    if not wrong:
        return excused(*notes, by=by, cases=(right, len(judged)))
    cases = [item.run.case for item in judged]
    meant = other_convention(context, problem)
    bugs = [meant] if meant else explain(context, problem, cases, _wrong_outputs(wrong))
    if bugs:
        elsewhere = charged_elsewhere(context, bugs, check.id)
        if elsewhere and all(item.finding is None and item.comparable for item in wrong):
            by.checks += [context.charge(bug, check.id) for bug in bugs]
            by.bugs.update(bug.id for bug in bugs)
            return excused(*notes, *elsewhere, by=by, cases=(right, len(judged)))
        # A bug is told of where its values were seen: it may raise in other cases.
        wrong.sort(key=lambda item: item.run.error is not None or not item.comparable)
    else:
        notes += _right_outputs(wrong, check.outputs)
    findings = _findings(problem, wrong, all_cases=right == 0)
    if bugs and wrong[0].comparable and wrong[0].run.error is None:
        findings = _named(findings, bugs, problem)
    return failed(*findings, fraction=right / len(judged), notes=notes, cases=(right, len(judged)))


def _wrong_outputs(wrong: list[Judged]) -> set[str]:
    return {mismatch.output for item in wrong for mismatch in item.mismatches}


def _named(findings: list[Finding], bugs: list[NamedBug], problem: Problem) -> list[Finding]:
    """The findings, explained by the bugs; a second bug has a finding of its own."""
    first = findings[0].model_copy(update={"bug": bugs[0], "help": None})
    second = [Finding(what=f"{problem.function} has a second mistake", bug=bug) for bug in bugs[1:]]
    return [first, *second, *findings[1:]]


def _cannot_run(
    check: ValuesCheck, context: Context, problem: Problem, cases: list[Case]
) -> Verdict | None:
    """Todo when the function is not written, wait when one that it builds on does not run."""
    runs = context.run_all(problem, cases)
    errors = [run.error for run in runs if run.error is not None]
    if len(errors) == len(runs):
        first = runs[0]
        assert first.error is not None  # noqa: S101 - for mypy
        assert first.failed_step is not None  # noqa: S101 - for mypy
        if first.failed_step.name != problem.function:
            blocker = _check_of(context, first.failed_step.name)
            if blocker is not None:
                return waiting(blocker, error_finding(first.error))
            # What no other check is about, such as a constructor, fails here.
        part = raised_in(first)
        blocker = part and _unsettled(context, part, but=check.id)
        if blocker:
            finding = error_finding(first.error)
            if isinstance(first.error, NotWritten):
                finding = finding.model_copy(update={"what": f"{part} is not written yet"})
            return waiting(blocker, finding)
        if isinstance(first.error, NotWritten):
            return unwritten(error_finding(first.error))
    if all(case.raises for case in cases) and not _answers_at_all(context, problem):
        # A function that raises on everything has not understood what does not fit.
        blocker = _check_of(context, problem.function, but=check.id) or problem.function
        reason = f"{problem.function} answers none of the cases that fit"
        return waiting(blocker, Finding(what=reason, place=runs[0].place))
    return None


def _left_as_it_was(
    check: ValuesCheck, context: Context, problem: Problem, judged: list[Judged]
) -> Verdict | None:
    """Todo or wait for skeletons, which answer None or zeros until they are written."""
    steps = dict.fromkeys(step.function for item in judged for step in item.run.case.steps)
    for function in steps:
        place = context.student.definitions.unwritten(function)
        if place is None:
            continue
        name = Target.of(function).name
        finding = Finding(what=f"{name} is not written yet", place=place)
        blocker = _check_of(context, name, but=check.id)
        if name == problem.function or blocker is None:
            return unwritten(finding)
        return waiting(blocker, finding)
    return None


def _answers_at_all(context: Context, problem: Problem) -> bool:
    fitting = [case for case in problem.cases if case.raises is None]
    return any(context.run(problem, case).error is None for case in fitting)


def _check_of(context: Context, function: str, but: str | None = None) -> str | None:
    for check in context.assignment.checks():
        if not isinstance(check, ValuesCheck) or check.id == but:
            continue
        if context.problem(check.problem).function == function:
            return check.id
    return None


def _unsettled(context: Context, function: str, but: str) -> str | None:
    """The first check of a function that does not pass."""
    for check in context.assignment.checks():
        if not isinstance(check, ValuesCheck) or check.id == but:
            continue
        if context.problem(check.problem).function != function:
            continue
        if check_values(check, context).status is not Status.OK:
            return check.id
    return None


def _not_returned(item: Judged, outputs: Iterable[str] | None) -> bool:
    """Whether the optional part of an answer (the gradients) is simply not there yet."""
    run = item.run
    if outputs is None or run.error is not None or run.malformed is not None or not run.bound:
        return False
    return not any(name in run.bound for name in outputs)


def _right_outputs(wrong: list[Judged], outputs: Iterable[str] | None) -> list[str]:
    """That some outputs are right everywhere, which narrows the search: "only db1 is wrong"."""
    if any(item.finding is not None for item in wrong):
        return []
    judged = {name for item in wrong for name in item.run.case.expected}
    judged &= judged if outputs is None else set(outputs)
    bad = _wrong_outputs(wrong)
    good = sorted(judged - bad)
    if not good:
        return []
    labels = {name: item.run.case.label(name) for item in wrong for name in item.run.case.expected}
    wrong_ones, right_ones = [labels[n] for n in sorted(bad)], [labels[n] for n in good]
    return [f"only {_are(wrong_ones)} wrong; {_are(right_ones)} right"]


def _are(names: list[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _findings(problem: Problem, wrong: list[Judged], *, all_cases: bool) -> list[Finding]:
    findings: list[Finding] = []
    for item in wrong:
        category = item.run.case.category
        if item.finding is not None:
            findings.append(item.finding)
        findings += [
            Finding(
                what=mismatch.what,
                numbers=mismatch.numbers,
                category=category,
                place=item.run.place,
                help=_help(problem, item, mismatch),
            )
            for mismatch in item.mismatches
        ]
        if all_cases:
            break  # every case fails: the first one tells enough
    return _distinct(findings)[:_MOST_FINDINGS]


def _help(problem: Problem, item: Judged, mismatch: Mismatch) -> str | None:
    if mismatch.output in item.run.case.observed:
        return None
    if mismatch.stage != "values":
        return _HELP[mismatch.stage]
    if problem.same_for_all:
        return _ANSWER_HELP
    derivative = problem.derivative
    if derivative is not None and mismatch.output in derivative.outputs:
        return _GRADIENT_HELP
    return _HELP["values"]


def _distinct(findings: list[Finding]) -> list[Finding]:
    kept: dict[str, Finding] = {}
    for finding in findings:
        kept.setdefault(finding.what, finding)
    return list(kept.values())
