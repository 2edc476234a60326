"""Marks the reference and the template as the submissions that they could be."""

from __future__ import annotations

import ast
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from grader.assignment import Assignment
from grader.fitting import ANY, fitted
from grader.grading import OnProgress, grade
from grader.marking import Marking
from grader.oracle import Oracle
from grader.proof import Claim, Fault
from grader.result import CheckResult, Result
from grader.sandbox import ForkServer
from grader.score import rounded
from grader.validation.rules import homeless_functions

TEMPLATE_MAY_EARN = 0.05
"""Of all points. A template that is handed in untouched shows nothing of a student's work; a
little may be earned by what every template must contain."""


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Lay a submission out as a folder."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def with_homes(marking: Marking) -> Marking:
    """The marking with a file for every function that checks call.

    A function that is expected nowhere counts where it is defined: of the reference's files that
    would be its own module, which no planted bug changes.
    """
    rules = marking.assignment
    homeless = homeless_functions(rules, marking.bundle)
    if not homeless:
        return marking
    path = "other_functions.py"
    while path in rules.files:
        path = f"_{path}"
    files = {**rules.files, path: homeless}
    return replace(marking, assignment=rules.model_copy(update={"files": files}))


def for_the_reference(
    marking: Marking, files: Mapping[str, str], oracle: Oracle
) -> tuple[Marking, list[str]]:
    """The marking with what the reference's own sources import allowed, and what was added.

    Which standard modules students may import, and how what can be understood in several ways is
    meant, is the instructor's to say; the reference must not fail by it.
    """
    marking = _understanding(marking, oracle)
    imports = marking.assignment.imports
    allowed = {name.split(".")[0] for name in imports.allow}
    added = sorted(set(_imported(files)) & set(sys.stdlib_module_names) - allowed)
    if not added:
        return marking, []
    wider = imports.model_copy(update={"allow": [*imports.allow, *added]})
    rules = marking.assignment.model_copy(update={"imports": wider})
    return replace(marking, assignment=rules), added


def _understanding(marking: Marking, oracle: Oracle) -> Marking:
    """The marking in the reference's own way, where the assignment has another.

    The bundle has every way; a mistake has a name of its own in each.
    """
    rules = marking.assignment
    if not rules.conventions:
        return marking
    own = {
        problem.settings[0].convention: problem.settings[0].value
        for problem in oracle.catalogue()
        if problem.settings
    }
    conventions = {
        convention: value if value == ANY else own.get(convention, value)
        for convention, value in rules.conventions.items()
    }
    rules = rules.model_copy(update={"conventions": conventions})
    return replace(marking, assignment=rules, bundle=fitted(marking.bundle, rules))


def accuracy_of(marking: Marking, oracle: Oracle) -> float | None:
    """What the reference reaches on the test lines, 0..1; None where no check asks for it."""
    data, rule = marking.dataset, marking.assignment.dataset
    kinds = {check.kind for check in marking.assignment.checks()}
    if data is None or rule is None or not kinds & {"accuracy", "report"}:
        return None
    params = oracle.trained(data.X_train, data.y_train, rule.classes)
    right = oracle.scores(params, data.X_test).argmax(axis=1) == data.y_test
    return float(right.mean())


def mark_reference(
    marking: Marking, oracle: Oracle, accuracy: float | None, server: ForkServer, tell: OnProgress
) -> Result:
    """The reference, handed in with a report that states this accuracy."""
    files = oracle.solution_files(marking.assignment, accuracy=accuracy)
    wider, _ = for_the_reference(marking, files, oracle)
    with tempfile.TemporaryDirectory(prefix="goldgrad-") as scratch:
        folder = Path(scratch) / "reference"
        write_files(folder, files)
        return grade(folder, wider, server=server, on_progress=tell)


def faults_of_reference(result: Result) -> Iterator[Fault]:
    """Each check at which the reference loses points."""
    if result.problem is not None:
        yield Fault(Claim.REFERENCE, f"the reference cannot be marked: {result.problem}")
        return
    for check in _losing(result):
        yield Fault(
            Claim.REFERENCE,
            f"{check.id}: the reference earns {check.earned:g} of {check.points:g} points"
            f"{_because(check)}",
        )
    for deduction in result.deductions:
        yield Fault(
            Claim.REFERENCE, f"the reference loses {deduction.points:g} points: {deduction.reason}"
        )


def faults_of_template(result: Result, rules: Assignment) -> Iterator[Fault]:
    """The checks that the template passes, where they are worth too much together."""
    if result.problem is not None:
        yield Fault(Claim.TEMPLATE, f"the template cannot be marked: {result.problem}")
        return
    if result.earned <= TEMPLATE_MAY_EARN * rules.points:
        return
    for part in result.parts:
        for check in part.checks:
            if check.earned > 0:
                yield Fault(
                    Claim.TEMPLATE,
                    f"{check.id}: the template earns {check.earned:g} of {check.points:g} points",
                    help="leave out of the template what earns them",
                )


def _losing(result: Result) -> Iterator[CheckResult]:
    for part in result.parts:
        for check in part.checks:
            if rounded(check.points - check.earned) > 0:
                yield check


def _because(check: CheckResult) -> str:
    if not check.findings:
        return ""
    finding = check.findings[0]
    told = finding.what if finding.numbers is None else f"{finding.what} ({finding.numbers})"
    return f": {told}"


def _imported(files: Mapping[str, str]) -> Iterator[str]:
    for path, text in files.items():
        if not path.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]
