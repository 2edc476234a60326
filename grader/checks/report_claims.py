"""The written report: each statement is there, and agrees with what was measured."""

from __future__ import annotations

import functools
import re
import statistics
from collections.abc import Callable
from typing import Any, TypeVar

from grader.assignment import ReportCheck
from grader.checks.accuracy import collapsed
from grader.checks.case_run import finite_scalar
from grader.checks.context import Context
from grader.checks.training_runs import declared_hyperparameters
from grader.checks.verdict import Verdict, failed, passed, unwritten
from grader.intake.workspace import ReportText
from grader.result import Finding, Place
from grader.score import wilson_interval
from grader.written_report import Claim, Claims, LearningRate, read_claims

T = TypeVar("T")

_ROUNDING = 1e-9
_NUMBER = re.compile(r"(?<![\w.])\d{1,9}(?:\.\d{1,9})?(?![\w]|\.\d)")
_LOSS_WORDS = re.compile(r"softmax|logistic|entropy|likelihood", re.IGNORECASE)
_MOST_TEXT = 100_000
_WHAT_TO_STATE = {
    "loss": "which loss function the network minimises, for example softmax cross-entropy",
    "accuracy": "the final accuracy on the test lines",
    "hidden_size": "the number of hidden neurons",
    "batch_size": "the batch size",
    "learning_rate": "the learning rate, and whether and how it changes during training",
}
_RIGHT_LOSS = "cross_entropy"
_UNVERIFIED = "stated, but not verified: "


def check_report(check: ReportCheck, context: Context) -> Verdict:
    """One statement: full points when it is made and nothing measured contradicts it."""
    report = context.workspace.report
    if report is None:
        help_ = "hand in report.md (or .txt, .pdf, .docx, or text cells of the notebook)"
        return unwritten(Finding(what="there is no report", help=help_))
    if report.problem is not None:
        return failed(Finding(what=report.problem, place=Place(file=report.file)))
    claims = _claims(report)
    if claims == Claims():
        return unwritten(Finding(what=f"{report.file} states nothing yet"))
    claim = getattr(claims, check.claim)
    if claim is None and _mentioned(check, report, context):
        return passed(f"{_UNVERIFIED}the report words it in a way that could not be read for sure")
    if claim is None:
        return failed(
            Finding(
                what=f"{report.file} does not state the {check.title}",
                place=Place(file=report.file),
                help=f"state {_WHAT_TO_STATE[check.claim]}",
            )
        )
    contradiction, note = _JUDGES[check.claim](claim, context)
    prose = check.claim != "loss" and not _in_front_matter(claim, report)
    if contradiction and prose and _mentioned(check, report, context):
        # Prose may tell what was tried before it tells what was chosen.
        note = f"{_UNVERIFIED}the right number stands in the report among others"
        contradiction = None
    if contradiction is None:
        return passed(*([note] if note else []))
    finding = Finding(
        what=contradiction,
        place=Place(file=report.file, line=claim.line),
        help="report what your code declares and what the grader can measure again",
    )
    return failed(finding)


@functools.lru_cache(maxsize=4)
def _claims(report: ReportText) -> Claims:
    """The report's claims; five checks ask for them."""
    return read_claims(report)


def _in_front_matter(claim: Claim[Any], report: ReportText) -> bool:
    lines = report.text.split("\n")
    if not lines or lines[0].strip() != "---":
        return False
    end = next((i for i, line in enumerate(lines[1:], start=2) if line.strip() == "---"), 0)
    return claim.line < end


def _mentioned(check: ReportCheck, report: ReportText, context: Context) -> bool:
    """Whether the right answer stands somewhere in the report, however it is worded."""
    if check.claim == "loss":
        return _LOSS_WORDS.search(report.text[:_MOST_TEXT]) is not None
    if check.claim == "accuracy":
        return False  # a report names many percentages
    true = finite_scalar(_declared(context, check.claim))
    stated = {float(number) for number in _NUMBER.findall(report.text[:_MOST_TEXT])}
    return true is not None and true in stated


_Judgement = tuple[str | None, str | None]
"""(what contradicts the claim, a remark), each None when there is nothing to say."""


def _loss(claim: Claim[str], _context: Context) -> _Judgement:
    if any(reading.value == _RIGHT_LOSS for reading in claim.readings()):
        return None, None
    name = claim.value.replace("_", " ")
    return f"claims the {name} loss; the network minimises softmax cross-entropy", None


def _accuracy(claim: Claim[float], context: Context) -> _Judgement:
    evidence = context.training
    if evidence is None:
        return None, f"{_UNVERIFIED}training was not run"
    if evidence.dataset.stand_in:
        return None, f"{_UNVERIFIED}the bundled stand-in data was used, not the homework's dataset"
    runs = [run for run in (evidence.plain, *evidence.disguised) if run.measurement is not None]
    if not runs:
        return "claims an accuracy, but train() did not end well here", None
    tested = len(evidence.dataset.y_test)
    measured = [run.accuracy for run in runs]
    collapse = collapsed(evidence)
    if collapse is not None:  # what only the plain run reaches is nothing that was learned
        measured = [collapse[0]]
    middle = statistics.median(measured)
    low, high = wilson_interval(round(middle * tested), tested)
    # A student reports one run; each run that was measured is as good a witness as the median.
    low, high = min(low, *measured), max(high, *measured)
    for reading in claim.readings():
        if (
            low - reading.resolution - _ROUNDING
            <= reading.value
            <= high + reading.resolution + _ROUNDING
        ):
            return None, None
    shown = " ".join(f"{value:.2f}" for value in measured)
    interval = f"[{low:.2f}, {high:.2f}] over {tested} test lines, runs: {shown}"
    return f"claims {claim.value:.4g}; measured {middle:.2f}, interval {interval}", None


def _hidden_size(claim: Claim[int], context: Context) -> _Judgement:
    evidence = context.training
    run = evidence.plain if evidence is not None else None
    if run is not None and run.measurement is not None:
        true, source = run.measurement.answer.hidden_size, "W1 has {} columns"
    else:
        true, source = _declared(context, "hidden_size"), "HYPERPARAMETERS declares {}"
    return _agrees(claim, true, "hidden neurons", source)


def _batch_size(claim: Claim[int], context: Context) -> _Judgement:
    declared = finite_scalar(_declared(context, "batch_size"))
    rule = context.assignment.dataset
    if declared is not None and rule is not None:
        # A batch cannot hold more than there is: 400 and 1000 both mean the full batch.
        declared = min(declared, rule.train)
    return _agrees(claim, declared, "as batch size", "HYPERPARAMETERS declares {}")


def _agrees(claim: Claim[int], true: Any, what: str, source: str) -> _Judgement:
    true = finite_scalar(true)
    if true is None:
        return None, f"{_UNVERIFIED}HYPERPARAMETERS does not declare it"
    if any(reading.value == true for reading in claim.readings()):
        return None, None
    return f"claims {claim.value} {what}; {source.format(f'{true:g}')}", None


def _learning_rate(claim: Claim[LearningRate], context: Context) -> _Judgement:
    rates = [r.value.rate for r in claim.readings() if r.value.rate is not None]
    declared = finite_scalar(_declared(context, "learning_rate"))
    if not rates:
        return None, None
    if declared is None:
        return None, f"{_UNVERIFIED}HYPERPARAMETERS does not declare it"
    if any(abs(rate - declared) <= 1e-6 * abs(declared) for rate in rates):
        return None, None
    return f"claims learning rate {rates[0]:g}; HYPERPARAMETERS declares {declared:g}", None


def _declared(context: Context, name: str) -> Any:
    return declared_hyperparameters(context.student).get(name)


_JUDGES: dict[str, Callable[[Any, Context], _Judgement]] = {
    "loss": _loss,
    "accuracy": _accuracy,
    "hidden_size": _hidden_size,
    "batch_size": _batch_size,
    "learning_rate": _learning_rate,
}
