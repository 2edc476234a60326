"""What a trained network is worth: accuracy and loss, computed here from its parameters.

The student's own ``predict`` must agree with the returned parameters. Where it does not, the usual
reason is that the network was trained on normalised inputs and the normalisation was not folded
into W1 and b1; so the usual normalisations are tried before anything is called wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.returned_parameters import TrainingAnswer
from grader.compare import as_array
from grader.oracle import Oracle
from grader.student.errors import StudentError
from grader.student.proxy import Student

Array = NDArray[Any]
Floats = NDArray[np.float64]
_Normalisation = Callable[[Floats, Floats], Floats]
_FAR_BETTER = 0.2


@dataclass(frozen=True)
class Task:
    """What one run trains on and is tested on."""

    X: Array
    y: Array
    X_test: Array
    y_test: Array
    labels: Array
    """labels[c] is what class c is called in this run."""
    seed: int
    overrides: Mapping[str, int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Measurement:
    """A trained network, measured."""

    accuracy: float
    """On the test lines, predictions un-permuted."""
    correct: int
    tested: int
    data_loss: float | None
    """Mean cross-entropy on the training lines; None without an oracle."""
    verified: bool
    """Whether the accuracy comes from the parameters, not only from the student's predict."""
    answer: TrainingAnswer
    normalisation: str | None = None
    """The normalisation that the parameters expect, when they do not fit raw inputs."""
    disagreements: int = 0
    """Test lines on which predict and the parameters differ."""
    predict_problem: str | None = None
    would_fit: tuple[str, float] | None = None
    """A usual normalisation under which the network would be far better, and its accuracy."""

    @property
    def weight_norm(self) -> float:
        """sum(W1²) + sum(W2²): what an L2 term multiplies."""
        return float(sum(np.sum(self.answer.params[name] ** 2) for name in ("W1", "W2")))


def measure(
    oracle: Oracle | None, student: Student, task: Task, answer: TrainingAnswer
) -> Measurement:
    """Accuracy and loss of returned parameters; with no oracle, of the student's own predict.

    Where predict and parameters disagree and no usual normalisation explains it, the parameters
    count: they are what was trained, and predict has a check of its own.
    """
    with np.errstate(all="ignore"):  # a wild network may overflow; its accuracy is still defined
        return _measure(oracle, student, task, answer)


def _measure(
    oracle: Oracle | None, student: Student, task: Task, answer: TrainingAnswer
) -> Measurement:
    predicted, problem = _student_predictions(student, answer, task.X_test)
    by_predict = _correct(predicted, task)
    if oracle is None:
        return Measurement(
            accuracy=by_predict / len(task.y_test),
            correct=by_predict,
            tested=len(task.y_test),
            data_loss=None,
            verified=False,
            answer=answer,
            predict_problem=problem,
        )
    name, normalise = _expected_inputs(oracle, answer, task, predicted)
    computed = _argmax(oracle, answer, normalise(task.X_test, task.X))
    by_parameters = _correct(computed, task)
    disagreements = 0 if predicted is None else int(np.sum(predicted != computed))
    return Measurement(
        accuracy=by_parameters / len(task.y_test),
        correct=by_parameters,
        tested=len(task.y_test),
        data_loss=oracle.data_loss(answer.params, normalise(task.X, task.X), task.y),
        verified=True,
        answer=answer,
        normalisation=name,
        disagreements=disagreements,
        predict_problem=problem,
        would_fit=_better_inputs(oracle, answer, task, by_parameters),
    )


def _better_inputs(
    oracle: Oracle, answer: TrainingAnswer, task: Task, correct: int
) -> tuple[str, float] | None:
    """The normalisation that the network was trained on, when it was never undone."""
    tried = {
        name: _correct(_argmax(oracle, answer, normalise(task.X_test, task.X)), task)
        for name, normalise in _NORMALISATIONS.items()
    }
    best = max(tried, key=lambda name: tried[name])
    if tried[best] - correct < _FAR_BETTER * len(task.y_test):
        return None
    return best, tried[best] / len(task.y_test)


def _correct(predicted: Array | None, task: Task) -> int:
    return 0 if predicted is None else int(np.sum(predicted == task.labels[task.y_test]))


def _student_predictions(
    student: Student, answer: TrainingAnswer, X: Array
) -> tuple[Array | None, str | None]:
    try:
        value = student.call("predict", answer.as_returned, X).value
    except StudentError as error:
        return None, str(error)
    labels = as_array(value)
    if labels is None or labels.shape != (len(X),) or labels.dtype.kind not in "biuf":
        return None, f"predict does not return one class for each of the {len(X)} rows"
    return labels, None


def _argmax(oracle: Oracle, answer: TrainingAnswer, X: Floats) -> Array:
    chosen: Array = np.argmax(oracle.scores(answer.params, X), axis=1)
    return chosen


def _raw(X: Floats, _train: Floats) -> Floats:
    return X


def _centred(X: Floats, train: Floats) -> Floats:
    centre: Floats = train.mean(axis=0)
    return X - centre


def _standardised(X: Floats, train: Floats) -> Floats:
    spread: Floats = train.std(axis=0)
    return _centred(X, train) / spread


def _min_max(X: Floats, train: Floats) -> Floats:
    low: Floats = train.min(axis=0)
    span: Floats = train.max(axis=0) - low
    return (X - low) / span


_NORMALISATIONS: dict[str, _Normalisation] = {
    "inputs with the mean subtracted": _centred,
    "standardised inputs": _standardised,
    "inputs scaled to [0, 1]": _min_max,
}


def _expected_inputs(
    oracle: Oracle, answer: TrainingAnswer, task: Task, predicted: Array | None
) -> tuple[str | None, _Normalisation]:
    raw = _argmax(oracle, answer, task.X_test)
    if predicted is None or np.array_equal(predicted, raw):
        return None, _raw
    for name, normalise in _NORMALISATIONS.items():
        if np.array_equal(predicted, _argmax(oracle, answer, normalise(task.X_test, task.X))):
            return name, normalise
    return None, _raw
