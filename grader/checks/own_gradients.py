"""The check "your gradients are the derivatives of your own loss"."""

from __future__ import annotations

from dataclasses import dataclass

from grader.assignment import OwnGradientsCheck
from grader.bundle import Problem
from grader.checks.case_run import CaseRun, error_finding
from grader.checks.central_differences import GradientReport, own_gradient_reports
from grader.checks.context import Context
from grader.checks.conventions import as_understood
from grader.checks.explanation import charged_elsewhere, explain
from grader.checks.own_forward import NoValue
from grader.checks.verdict import Verdict, failed, passed, unwritten
from grader.result import Finding
from grader.student.errors import NotWritten

_HELP = "derive each term of your loss on paper and compare it with the code, factor by factor"


@dataclass(frozen=True)
class _Examined:
    """The gradients of the chosen cases, compared."""

    problem: Problem
    runs: list[CaseRun]
    reports: list[GradientReport]
    findings: list[Finding]

    @property
    def expected(self) -> int:
        return len(self.runs) * _number_of_gradients(self.problem)

    @property
    def agreeing(self) -> int:
        return sum(report.agrees for report in self.reports)


def check_own_gradients(check: OwnGradientsCheck, context: Context) -> Verdict:
    """Every gradient of the chosen cases against central differences of the student's own value.

    The fraction of gradients that agree is the fraction of the points.
    """
    problem = context.problem(check.problem)
    runs = context.run_all(problem, context.cases(problem, check.cases))
    first = runs[0]
    if isinstance(first.error, NotWritten):
        return unwritten(error_finding(first.error))
    if first.error is None and first.malformed is None and not _has_gradients(problem, first):
        what = f"{problem.function} returns no gradients yet"
        return unwritten(Finding(what=what, place=first.place))
    found = _examined(check, context, problem)
    if found.agreeing < found.expected:
        meant = as_understood(context, problem)
        if meant is not problem:
            found = _examined(check, context, meant)
    reports, expected, agreeing = found.reports, found.expected, found.agreeing
    measured: dict[str, float | int | str | list[float]] = {
        "max_relative_error": max((r.max_relative_error for r in reports), default=0.0),
        "entries": sum(r.entries for r in reports),
        "kinks": sum(r.kinks for r in reports),
    }
    if agreeing == expected:
        return passed(measured=measured, cases=(agreeing, expected))
    wrong = {report.output for report in reports if not report.agrees}
    bugs = explain(context, found.problem, [run.case for run in found.runs], wrong)
    remarks = charged_elsewhere(context, bugs, check.id)
    if remarks and len(reports) == expected:  # what is not there is nobody else's mistake
        return passed(*remarks, measured=measured, cases=(agreeing, expected))
    return failed(
        *found.findings[:3],
        fraction=agreeing / expected,
        measured=measured,
        cases=(agreeing, expected),
    )


def _examined(check: OwnGradientsCheck, context: Context, problem: Problem) -> _Examined:
    runs = context.run_all(problem, context.cases(problem, check.cases))
    findings: list[Finding] = []
    reports: list[GradientReport] = []
    for run in runs:
        if run.error is not None:
            findings.append(error_finding(run.error, run.case.category))
        elif run.malformed is not None:
            findings.append(_finding(run.malformed, run))
        else:
            reports += _compare(context, problem, run, findings)
    return _Examined(problem, runs, reports, findings)


def _has_gradients(problem: Problem, run: CaseRun) -> bool:
    outputs = problem.derivative.outputs if problem.derivative else {}
    return any(run.bound.get(output) is not None for output in outputs)


def _number_of_gradients(problem: Problem) -> int:
    return len(problem.derivative.outputs) if problem.derivative else 0


def _compare(
    context: Context, problem: Problem, run: CaseRun, findings: list[Finding]
) -> list[GradientReport]:
    try:
        reports = own_gradient_reports(context.student, problem, run)
    except NoValue as error:
        findings.append(_finding(str(error), run))
        return []
    findings += [_disagreement(report, run) for report in reports if not report.agrees]
    return reports


def _disagreement(report: GradientReport, run: CaseRun) -> Finding:
    if report.entries == 0:
        return _finding(f"{report.output}: every entry tried crosses a kink of your loss", run)
    finding = _finding(f"{report.output} is not the derivative of your own loss", run)
    numbers = (
        f"max relative error {report.max_relative_error:.1e} over {report.entries} entries "
        f"(1e-7 is right, 1e-2 is wrong)"
    )
    return finding.model_copy(update={"numbers": numbers, "help": _HELP})


def _finding(what: str, run: CaseRun) -> Finding:
    return Finding(what=what, category=run.case.category, place=run.place)
