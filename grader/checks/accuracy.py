"""Test accuracy of the student's train(), measured honestly.

The marks follow the median of the plain run and the disguised ones. A submission that only does
well where it could have known the answers collapses in the disguised runs or on the fresh task;
its marks then follow those runs. What is merely odd is flagged for a person and costs nothing.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import numpy as np

from grader.assignment import AccuracyCheck
from grader.checks.context import Context
from grader.checks.training_runs import FRESH, TrainingEvidence, TrainingRun
from grader.checks.verdict import Verdict, skipped, unwritten
from grader.result import Finding, Flag, Place, Status
from grader.score import ladder_fraction, wilson_interval

NOT_TRAINED = "training was not run"
# The best honest networks seen on the homework's data reach 98 % on the 100 test lines.
_TOO_GOOD = 0.99
_WILD_SPREAD = 0.25
# Honest networks were seen at most 0.08 worse on a fresh task.
_FRESH_GAP = 0.15
# How much better than chance a run must be for the others' failure to be a collapse.
_CLEARLY_GOOD = 0.15


def check_accuracy(check: AccuracyCheck, context: Context) -> Verdict:
    """Points by the ladder at the median accuracy, or at the honest runs' after a collapse."""
    evidence = context.training
    if evidence is None:
        return skipped(NOT_TRAINED)
    plain = evidence.plain
    if plain.unwritten and plain.problem is not None:
        return unwritten(plain.problem)
    runs = [plain, *evidence.disguised]
    fresh = evidence.run(FRESH)
    if all(run.measurement is None for run in runs) and plain.problem is not None:
        return Verdict(Status.FAIL, 0.0, [plain.problem])
    accuracy = statistics.median(run.accuracy for run in runs)
    findings = _problems(runs, fresh)
    flags = _flags(runs, fresh)
    collapse = collapsed(evidence)
    if collapse is not None:
        accuracy, finding = collapse
        findings.insert(0, finding)
        flags.append(Flag(kind="collapse", message=finding.what, place=finding.place))
    fraction = ladder_fraction(check.ladder, accuracy)
    if fraction < 1.0:
        findings.append(_ladder_finding(check, accuracy, plain))
    tested = len(evidence.dataset.y_test)
    low, high = wilson_interval(round(accuracy * tested), tested)
    return Verdict(
        status=Status.OK if fraction == 1.0 else Status.FAIL,
        fraction=fraction,
        findings=findings if fraction < 1.0 else [],
        notes=_notes(plain, fresh) + ([] if fraction < 1.0 else [f.what for f in findings]),
        measured={
            "accuracy": accuracy,
            "interval": [low, high],
            "runs": [run.accuracy for run in runs],
            "fresh_task": fresh.accuracy,
        },
        flags=flags,
        remark=(
            f"accuracy {accuracy:.2f}  [{low:.2f}, {high:.2f}]  median of {len(runs)} runs, "
            f"fresh task {fresh.accuracy:.2f}"
        ),
    )


def chance_level(y: np.ndarray) -> float:
    """The accuracy below which a classifier is no better than guessing the commonest class.

    The largest class's share plus three standard errors of a proportion of that size.
    """
    share = float(np.bincount(y).max() / len(y))
    return share + 3 * math.sqrt(share * (1 - share) / len(y))


def collapsed(evidence: TrainingEvidence) -> tuple[float, Finding] | None:
    """The honest runs' accuracy and what to say, when only the plain run is good; else None."""
    runs, fresh = [evidence.plain, *evidence.disguised], evidence.run(FRESH)
    chance = chance_level(evidence.dataset.y_test)
    plain, *disguised = runs
    if plain.accuracy < chance + _CLEARLY_GOOD:
        return None
    # A run that raised or was stopped says nothing about honesty.
    ended = [run.accuracy for run in disguised if run.measurement is not None]
    witnesses = []
    if ended:
        renamed = "with the rows in another order and the classes renamed"
        witnesses.append((statistics.median(ended), renamed))
    if fresh.measurement is not None:
        new = "on a freshly made task of the same shape and difficulty"
        witnesses.append((fresh.accuracy, new))
    fell = [(value, name) for value, name in witnesses if value <= chance]
    if not fell:
        return None
    value, name = min(fell)
    what = (
        f"the plain run reaches {plain.accuracy:.2f}, but {name} the same code reaches "
        f"{value:.2f}, no better than guessing; the marks follow the honest runs"
    )
    help_ = "train from the X and y that train() is given, and from nothing else"
    return value, Finding(what=what, place=_place(plain), help=help_)


def _place(run: TrainingRun) -> Place | None:
    return run.measurement.answer.place if run.measurement else None


def _problems(runs: Sequence[TrainingRun], fresh: TrainingRun) -> list[Finding]:
    found = []
    for run in (*runs, fresh):
        if run.problem is not None:
            what = f"{run.name} run: {run.problem.what}"
            found.append(run.problem.model_copy(update={"what": what}))
    return found[:3]


def _ladder_finding(check: AccuracyCheck, accuracy: float, plain: TrainingRun) -> Finding:
    measurement = plain.measurement
    if measurement is not None and measurement.would_fit is not None:
        name, reached = measurement.would_fit
        return Finding(
            what=(
                f"test accuracy {accuracy:.2f} on raw inputs, but {reached:.2f} on {name}: that is "
                "what the parameters were trained on"
            ),
            place=_place(plain),
            help="fold what you do to the inputs into W1 and b1 before you return them",
        )
    full = next(value for value, fraction in check.ladder if fraction == check.ladder[-1][1])
    return Finding(
        what=f"test accuracy {accuracy:.2f}; full marks from {full:.2f}",
        help="try more epochs, another learning rate or its decay, or a few more hidden neurons",
    )


def _notes(plain: TrainingRun, fresh: TrainingRun) -> list[str]:
    notes = []
    measurement = plain.measurement
    if measurement is not None and not measurement.verified:
        notes.append("not verified: measured by your own predict, since no reference is installed")
    if measurement is not None and measurement.normalisation:
        notes.append(
            f"the parameters expect {measurement.normalisation}; the contract is raw inputs, so "
            "fold the normalisation into W1 and b1 (nothing was deducted)"
        )
    if measurement is not None and measurement.disagreements:
        notes.append(
            f"predict and the returned parameters disagree on {measurement.disagreements} of "
            f"{measurement.tested} test lines; the parameters count, from raw inputs to scores"
        )
    if measurement is not None and measurement.predict_problem:
        notes.append(f"predict could not be compared: {measurement.predict_problem}")
    if fresh.problem is not None:
        notes.append(f"fresh task: {fresh.problem.what}")
    return notes


def _flags(runs: Sequence[TrainingRun], fresh: TrainingRun) -> list[Flag]:
    accuracies = [run.accuracy for run in runs]
    flags = []
    plain = runs[0].measurement
    if plain is not None and plain.disagreements:
        message = (
            f"predict and parameters disagree on {plain.disagreements} of {plain.tested} lines"
        )
        flags.append(Flag(kind="predict_differs", message=message, place=_place(runs[0])))
    if max(accuracies) >= _TOO_GOOD:
        message = f"test accuracy {max(accuracies):.2f}: better than honest networks reach here"
        flags.append(Flag(kind="too_good", message=message))
    if fresh.measurement is not None and accuracies[0] - fresh.accuracy > _FRESH_GAP:
        message = f"{accuracies[0]:.2f} on the homework's rows, {fresh.accuracy:.2f} on fresh ones"
        flags.append(Flag(kind="fresh_gap", message=message))
    if max(accuracies) - min(accuracies) > _WILD_SPREAD:
        shown = ", ".join(f"{value:.2f}" for value in accuracies)
        flags.append(Flag(kind="wild_seeds", message=f"accuracy varies widely by seed: {shown}"))
    return flags
