"""The lecture's sanity step: a handful of samples can be learned by heart."""

from __future__ import annotations

from grader.assignment import OverfitCheck
from grader.checks.accuracy import NOT_TRAINED
from grader.checks.context import Context
from grader.checks.training_runs import OVERFIT, PLAIN, TrainingRun
from grader.checks.verdict import Verdict, failed, passed, skipped, unwritten
from grader.result import Finding


def check_overfit(check: OverfitCheck, context: Context) -> Verdict:
    """Full points at 100 % training accuracy on a few samples, half from 90 %."""
    if context.training is None:
        return skipped(NOT_TRAINED)
    run: TrainingRun = context.training.run(OVERFIT)
    if run.unwritten and run.problem is not None:
        return unwritten(run.problem)
    if run.problem is not None:
        what = f"on {check.samples} samples: {run.problem.what}"
        return failed(run.problem.model_copy(update={"what": what}))
    measured: dict[str, float | int | str | list[float]] = {"accuracy": run.accuracy}
    if run.accuracy == 1.0:
        return passed(measured=measured)
    finding = Finding(
        what=(
            f"trained on {check.samples} samples alone, without regularisation, the network gets "
            f"{run.accuracy:.2f} of them right; it should be 1.00"
        ),
        place=run.measurement.answer.place if run.measurement else None,
        help="does train() use all of X, and the hyperparameters it is given? Then the gradients",
    )
    plain = context.training.run(PLAIN)
    note = ["the plain run does learn"] if plain.accuracy > run.accuracy else []
    return failed(
        finding, fraction=0.5 if run.accuracy >= 0.9 else 0.0, measured=measured, notes=note
    )
