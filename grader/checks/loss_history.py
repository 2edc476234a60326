"""The loss history that train() returns, and the loss a network starts from."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.assignment import HistoryCheck, InitialLossCheck
from grader.checks.accuracy import NOT_TRAINED
from grader.checks.case_run import error_finding, finite_scalar
from grader.checks.context import Context
from grader.checks.measurement import Measurement
from grader.checks.training_runs import TrainingRun, declared_hyperparameters, whole_number
from grader.checks.verdict import Verdict, failed, passed, skipped, unwritten, waiting
from grader.compare import as_array, number, type_name
from grader.result import Finding, Place
from grader.student.errors import NotDefined, NotWritten, StudentError

_CONTRACT = "return one number per epoch: the loss on all training lines after that epoch"
# Histories are often rounded for printing; a mean over minibatches differs by far more.
_LAST_RTOL = 1e-3
_LAST_ATOL = 5e-4
_NEARLY = 0.1
# Enough for a plot as wide as a page.
_CURVE_POINTS = 200
# A small-weights network starts within this factor of ln(classes); He's weights with many hidden
# neurons reach 1.4.
_INITIAL_RANGE = (0.75, 1.8)

Floats = NDArray[np.float64]


def check_history(check: HistoryCheck, context: Context) -> Verdict:
    """One rule about the plain run's history; see the functions below."""
    if context.training is None:
        return skipped(NOT_TRAINED)
    run = context.training.plain
    if run.unwritten and run.problem is not None:
        return unwritten(run.problem)
    if run.measurement is None:
        return _without_history(context, run)
    place = run.measurement.answer.place
    history = _as_history(run.measurement.answer.history)
    if isinstance(history, str):
        return failed(Finding(what=history, place=place, help=_CONTRACT))
    return _RULES[check.rule](history, run.measurement, context)


def _without_history(context: Context, run: TrainingRun) -> Verdict:
    """The check that measures training says why there is none."""
    blocker = next((c.id for c in context.assignment.checks() if c.kind == "accuracy"), "train")
    reason = run.problem.what if run.problem else "train() did not end well"
    return waiting(blocker, Finding(what=f"no history to look at: {reason}"))


def _as_history(value: Any) -> Floats | str:
    if value is None:
        return "train returns no history"
    array = as_array(value)
    if array is None or array.dtype.kind not in "biuf":
        return f"the history is {type_name(value)}; expected a list of numbers"
    if array.ndim == 2 and array.shape[1] == 1:  # losses of shape (1,) in a list
        array = array.ravel()
    if array.ndim != 1 or array.size == 0:
        return f"the history has shape {array.shape}; expected one number per epoch"
    return array.astype(np.float64)


def _finite(history: Floats, measurement: Measurement, _context: Context) -> Verdict:
    bad = np.flatnonzero(~np.isfinite(history))
    if not len(bad):
        return passed()
    what = f"{len(bad)} of {len(history)} entries are NaN or infinite, first in epoch {bad[0] + 1}"
    return failed(_finding(what, measurement, "log of 0, or a learning rate that is too large"))


def _one_per_epoch(history: Floats, measurement: Measurement, context: Context) -> Verdict:
    epochs = whole_number(declared_hyperparameters(context.student).get("epochs"))
    if epochs is None:
        return failed(
            _finding(
                f"{len(history)} entries, but HYPERPARAMETERS declares no number of epochs",
                measurement,
                'declare HYPERPARAMETERS = {"epochs": ..., ...} in train.py',
            )
        )
    if len(history) in (epochs, epochs + 1):  # a leading entry for the untrained net is welcome
        return passed(measured={"entries": len(history), "epochs": epochs})
    stopped_early = 2 <= len(history) < epochs
    if stopped_early and _last_is_final_loss(history, measurement, context).fraction == 1.0:
        return passed(f"training stopped after {len(history)} of {epochs} epochs")
    return failed(
        _finding(f"{len(history)} entries for {epochs} epochs", measurement, _CONTRACT),
        measured={"entries": len(history), "epochs": epochs},
    )


def _falls(history: Floats, measurement: Measurement, _context: Context) -> Verdict:
    if len(history) < 2:
        return failed(_finding("one entry cannot show that the loss falls", measurement, _CONTRACT))
    quarter = max(1, len(history) // 4)
    first, last = float(np.mean(history[:quarter])), float(np.mean(history[-quarter:]))
    measured = _curve(history)
    if last < first and history[-1] < history[0]:
        return passed(measured=measured)
    what = f"the loss does not fall: {number(history[0])} at first, {number(history[-1])} at last"
    finding = _finding(what, measurement, "is the update w -= learning_rate * dw?")
    return failed(finding, measured=measured)


def _curve(history: Floats) -> dict[str, float | int | str | list[float]]:
    """The history for a plot: at most 200 of its entries, with their numbers, up to a NaN.

    It comes from the plain run, whose process saw nothing but the published data, so that even
    where it is made up it can tell nobody anything secret.
    """
    broken = np.flatnonzero(~np.isfinite(history))
    sound = history[: broken[0]] if len(broken) else history
    if not len(sound):
        return {}
    chosen = np.unique(np.linspace(0, len(sound) - 1, min(len(sound), _CURVE_POINTS)).round())
    return {
        "history": [float(f"{sound[int(index)]:.4g}") for index in chosen],
        "history_epochs": [index + 1 for index in chosen.tolist()],
    }


def _last_is_final_loss(history: Floats, measurement: Measurement, context: Context) -> Verdict:
    if measurement.data_loss is None:
        return passed("not verified: no reference is installed")
    factor = finite_scalar(declared_hyperparameters(context.student).get("reg", 0.0)) or 0.0
    penalty = factor * measurement.weight_norm
    # With the L2 term, without it, or with its conventional half: all are honest reports.
    accepted = [measurement.data_loss + share * penalty for share in (1.0, 0.0, 0.5)]
    last = float(history[-1])
    closest = min(accepted, key=lambda loss: abs(loss - last))
    measured: dict[str, float | int | str | list[float]] = {
        "last": last,
        "final_loss": accepted[0],
    }
    if abs(last - closest) <= _LAST_ATOL + _LAST_RTOL * abs(closest):
        return passed(measured=measured)
    what = (
        f"the last entry is {number(last)}; the loss of the returned parameters on the training "
        f"lines is {number(closest)}"
    )
    if abs(last - closest) <= _NEARLY * abs(closest):
        help_ = "a mean over the epoch's minibatches is close, but not the loss after the epoch"
        return failed(_finding(what, measurement, help_), fraction=0.5, measured=measured)
    return failed(_finding(what, measurement, _CONTRACT), measured=measured)


def _finding(what: str, measurement: Measurement, help_: str) -> Finding:
    return Finding(what=what, place=measurement.answer.place, help=help_)


_RULES: dict[str, Callable[[Floats, Measurement, Context], Verdict]] = {
    "finite": _finite,
    "one_per_epoch": _one_per_epoch,
    "falls": _falls,
    "last_is_final_loss": _last_is_final_loss,
}


def check_initial_loss(_check: InitialLossCheck, context: Context) -> Verdict:
    """The loss of the student's freshly initialised net on the training lines, against ln C.

    With small weights all classes get nearly the same probability 1/C, so the cross-entropy is
    nearly ln C.
    """
    rule = context.assignment.dataset
    if context.dataset is None or rule is None:
        return skipped(NOT_TRAINED)
    size = whole_number(declared_hyperparameters(context.student).get("hidden_size")) or 16
    try:
        params = context.student.call("init_params", rule.inputs, size, rule.classes, 0)
        returned = context.student.call(
            "loss", params.value, context.dataset.X_train, context.dataset.y_train, 0.0
        )
    except NotWritten as error:
        return unwritten(error_finding(error))
    except NotDefined as error:
        return _from_history(context, error, rule.classes)
    except StudentError as error:
        return failed(error_finding(error))
    value = returned.value[0] if isinstance(returned.value, tuple | list) else returned.value
    return _near_uniform(finite_scalar(value), rule.classes, returned.place, "the untrained net's")


def _from_history(context: Context, error: NotDefined, classes: int) -> Verdict:
    """Without init_params, the first entry of the history is what can be looked at."""
    if context.training is None or context.training.plain.measurement is None:
        return failed(error_finding(error))
    answer = context.training.plain.measurement.answer
    history = _as_history(answer.history)
    if isinstance(history, str):
        return failed(error_finding(error))
    # One epoch has passed, so a lower loss is no fault.
    loss = max(float(history[0]), math.log(classes))
    return _near_uniform(loss, classes, answer.place, "the first epoch's")


def _near_uniform(loss: float | None, classes: int, place: Place | None, whose: str) -> Verdict:
    uniform = math.log(classes)
    if loss is None:
        return failed(Finding(what=f"{whose} loss is no finite number", place=place))
    measured: dict[str, float | int | str | list[float]] = {"initial_loss": loss}
    low, high = _INITIAL_RANGE
    if low * uniform <= loss <= high * uniform:
        return passed(measured=measured)
    expected = f"ln {classes} = {uniform:.3f}"
    what = f"{whose} loss is {number(loss)}; with small weights it is near {expected}"
    help_ = "initialise with small weights (zero biases), and average the loss over the samples"
    return failed(Finding(what=what, place=place, help=help_), measured=measured)
