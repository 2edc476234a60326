"""Outputs of the student's functions against golden values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.assignment import ValuesCheck
from grader.bundle import Case, Problem
from grader.checks.case_run import CaseRun, error_finding
from grader.checks.central_differences import follows_own_forward
from grader.checks.context import Context
from grader.checks.explanation import charged_already, explain, mismatches
from grader.checks.verdict import Verdict, failed, passed, unwritten, waiting
from grader.compare import Mismatch, Stage
from grader.result import Finding
from grader.student.errors import Forbidden, NotWritten, Raised

_MOST_FINDINGS = 3
_HELP: dict[Stage, str] = {
    "type": "return NumPy arrays (or numbers) of the documented shapes",
    "shape": "the docstring in the template gives the shape of every result",
    "dtype": "compute in float64",
    "finite": "look for exp of a large number, log of 0, or a division by 0",
    "values": "work a tiny case out by hand, or compare with central differences of the forward",
}


@dataclass(frozen=True)
class _Judged:
    """One case with what is wrong in it (nothing, when it passed)."""

    run: CaseRun
    mismatches: list[Mismatch]
    finding: Finding | None = None
    """What is wrong when there is no value to compare."""

    @property
    def right(self) -> bool:
        return not self.mismatches and self.finding is None

    @property
    def comparable(self) -> bool:
        """Whether every output is there as numbers, right or wrong."""
        return all(mismatch.stage != "type" for mismatch in self.mismatches)


def check_values(check: ValuesCheck, context: Context) -> Verdict:
    """Compare the chosen cases' outputs; the fraction of right cases is the fraction of points."""
    problem = context.problem(check.problem)
    cases = context.cases(problem, check.cases)
    early = _cannot_run(check, context, problem, cases)
    if early is not None:
        return early
    judged = [_judge(context.run(problem, case), check.outputs, problem) for case in cases]
    if all(_not_returned(item, check.outputs) for item in judged):
        function = problem.function
        place = judged[0].run.place
        return unwritten(Finding(what=f"{function} returns no gradients yet", place=place))
    wrong = [item for item in judged if not item.right]
    changed = sorted({note for item in judged for note in item.run.modified})
    notes = [
        f"{note} in place; work on a copy (nothing was deducted)"
        for note in context.told_first(changed)
    ]
    if not wrong:
        return passed(*notes, cases=(len(judged), len(judged)))
    if check.follow_through and problem.derivative is not None:
        excused = [item for item in wrong if _follows(item, context, problem)]
        if excused:
            notes.append(
                "follow-through: the gradients are right for your own forward pass "
                f"({len(excused)} of {len(cases)} cases)"
            )
            wrong = [item for item in wrong if item not in excused]
    right = len(judged) - len(wrong)
    if not wrong:
        return passed(*notes, cases=(right, len(judged)))
    bug = explain(context, problem, cases, {m.output for item in wrong for m in item.mismatches})
    complete = all(item.finding is None and item.comparable for item in wrong)
    if bug is not None and context.charge(bug, check.id) != check.id and complete:
        notes.append(charged_already(bug, context.charge(bug, check.id)))
        return passed(*notes, cases=(right, len(judged)))
    findings = _findings(wrong, all_cases=right == 0)
    notes += _right_outputs(wrong, check.outputs) if bug is None else []
    if bug is not None and wrong[0].comparable and wrong[0].run.error is None:
        findings[0] = findings[0].model_copy(update={"bug": bug, "help": None})
    return failed(*findings, fraction=right / len(judged), notes=notes, cases=(right, len(judged)))


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
            blocker = _check_of(context, first.failed_step.name) or first.failed_step.name
            return waiting(blocker, error_finding(first.error))
        if isinstance(first.error, NotWritten):
            return unwritten(error_finding(first.error))
    if all(case.raises for case in cases) and not _answers_at_all(context, problem):
        # A function that raises on everything has not understood what does not fit.
        blocker = _check_of(context, problem.function, but=check.id) or problem.function
        reason = f"{problem.function} answers none of the cases that fit"
        return waiting(blocker, Finding(what=reason, place=runs[0].place))
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


def _judge(run: CaseRun, outputs: Iterable[str] | None, problem: Problem) -> _Judged:
    case = run.case
    if case.raises is not None:
        return _Judged(run, [], _should_raise(run, case.raises, problem))
    if run.error is not None:
        return _Judged(run, [], error_finding(run.error, case.category))
    if run.malformed is not None:
        return _Judged(
            run, [], Finding(what=run.malformed, category=case.category, place=run.place)
        )
    names = [name for name in case.expected if outputs is None or name in set(outputs)]
    missing = [name for name in names if name not in run.bound]
    # Of what is observed, the parts are missing that it is looked for in.
    parts = [part for name in missing for part in _parts(case, name) if part not in run.bound]
    missing = list(dict.fromkeys(parts))
    if missing:
        text = f"{problem.function} does not return {', '.join(missing)}"
        return _Judged(run, [], Finding(what=text, category=case.category, place=run.place))
    return _Judged(run, mismatches(run, names))


def _parts(case: Case, name: str) -> list[str]:
    observation = case.observed.get(name)
    return [name] if observation is None else observation.names


def _should_raise(run: CaseRun, expected: str, problem: Problem) -> Finding | None:
    if isinstance(run.error, Raised) and not isinstance(run.error, Forbidden):
        if expected in run.error.kinds:
            return None
        what = f"{problem.function} raises {run.error.type_name}; {expected} is expected"
        return Finding(
            what=what,
            category=run.case.category,
            place=run.error.place,
            student_text=run.error.student_text,
        )
    if run.error is not None:
        return error_finding(run.error, run.case.category)
    what = f"{problem.function} answers; it should raise {expected}"
    return Finding(what=what, category=run.case.category, place=run.place)


def _not_returned(item: _Judged, outputs: Iterable[str] | None) -> bool:
    """Whether the optional part of an answer (the gradients) is simply not there yet."""
    run = item.run
    if outputs is None or run.error is not None or run.malformed is not None or not run.bound:
        return False
    return not any(name in run.bound for name in outputs)


def _follows(item: _Judged, context: Context, problem: Problem) -> bool:
    if not item.mismatches or any(m.stage != "values" for m in item.mismatches):
        return False
    return follows_own_forward(context.student, problem, item.run)


def _right_outputs(wrong: list[_Judged], outputs: Iterable[str] | None) -> list[str]:
    """That some outputs are right everywhere, which narrows the search: "only db1 is wrong"."""
    if any(item.finding is not None for item in wrong):
        return []
    judged = {name for item in wrong for name in item.run.case.expected}
    judged &= judged if outputs is None else set(outputs)
    bad = {mismatch.output for item in wrong for mismatch in item.mismatches}
    good = sorted(judged - bad)
    if not good:
        return []
    labels = {name: item.run.case.label(name) for item in wrong for name in item.run.case.expected}
    wrong_ones, right_ones = [labels[n] for n in sorted(bad)], [labels[n] for n in good]
    return [f"only {_are(wrong_ones)} wrong; {_are(right_ones)} right"]


def _are(names: list[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _findings(wrong: list[_Judged], *, all_cases: bool) -> list[Finding]:
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
                help=None if mismatch.output in item.run.case.observed else _HELP[mismatch.stage],
            )
            for mismatch in item.mismatches
        ]
        if all_cases:
            break  # every case fails: the first one tells enough
    return _distinct(findings)[:_MOST_FINDINGS]


def _distinct(findings: list[Finding]) -> list[Finding]:
    kept: dict[str, Finding] = {}
    for finding in findings:
        kept.setdefault(finding.what, finding)
    return list(kept.values())
