"""Trains the student's network: the plain run, two disguised ones, a fresh task, 20 samples.

Every run has a process of its own. What the student's code is told is what training needs and no
more: the labels of the test lines stay here.

- *plain*: lines 1-400 as they are.
- *disguised*: the rows in a secret order and the class labels permuted by a secret permutation. A
  learner does not notice; predictions are un-permuted before they are marked.
- *fresh*: a task of the same shape and difficulty with a secret rule. A memorised table, stored
  weights or a bundled dataset are worth nothing there.
- *overfit*: a few samples, again and again, their classes renamed, no regularisation; they should
  be learned by heart.
"""

from __future__ import annotations

import dataclasses
import threading
import weakref
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.assignment import Assignment
from grader.checks.case_run import error_finding, finite_scalar
from grader.checks.measurement import Measurement, Task, measure
from grader.checks.returned_parameters import read_training_answer
from grader.dataset.synthetic import ordinal_task
from grader.dataset.table import Dataset
from grader.oracle import Oracle
from grader.result import Finding
from grader.secret import generator
from grader.student.errors import Forbidden, NotDefined, NotWritten, Raised, Stopped, StudentError
from grader.student.proxy import Student

PLAIN = "plain"
FRESH = "fresh"
OVERFIT = "overfit"
_OVERFIT_EPOCHS = 3000
_DECLARE = (
    'declare HYPERPARAMETERS = {"hidden_size": ..., "batch_size": ..., "learning_rate": ..., '
    '"reg": ..., "epochs": ...} in train.py; train() is given it'
)


@dataclass(frozen=True)
class TrainingRun:
    """What came of one run."""

    name: str
    measurement: Measurement | None = None
    problem: Finding | None = None
    unwritten: bool = False
    cpu_seconds: float = 0.0

    @property
    def accuracy(self) -> float:
        """Test accuracy; a run that did not end well has 0."""
        return self.measurement.accuracy if self.measurement else 0.0


class TrainingEvidence:
    """All training runs of one submission, running in the background from the start."""

    def __init__(
        self,
        student: Student,
        assignment: Assignment,
        dataset: Dataset,
        oracle: Oracle | None,
        seed: bytes,
        *,
        disguised: int = 2,
        jobs: int = 2,
    ) -> None:
        self._student = student
        self._limit = assignment.limits.train_cpu_seconds
        self._oracle = oracle
        self._stopped = threading.Event()
        self.dataset = dataset
        assert assignment.dataset is not None  # noqa: S101 - for mypy; `dataset` is read by it
        classes = assignment.dataset.classes
        samples = next((c.samples for c in assignment.checks() if c.kind == "overfit"), 20)
        tasks = _tasks(dataset, seed, classes, disguised, samples)
        self._pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="training")
        self._futures: dict[str, Future[TrainingRun]] = {
            name: self._pool.submit(self._run, name, task) for name, task in tasks.items()
        }

    def run(self, name: str) -> TrainingRun:
        """The run of this name; waits until it is done."""
        return self._futures[name].result()

    @property
    def plain(self) -> TrainingRun:
        """The run on the training lines as they are."""
        return self.run(PLAIN)

    @property
    def disguised(self) -> list[TrainingRun]:
        """The runs with secret row order and class names."""
        return [self.run(name) for name in self._futures if name.startswith("disguised")]

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all runs that are done."""
        done = [future for future in self._futures.values() if future.done()]
        return sum(future.result().cpu_seconds for future in done if not future.cancelled())

    def close(self) -> None:
        """Give up what has not started and wait for the rest."""
        self._stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, name: str, task: Task) -> TrainingRun:
        if self._stopped.is_set():
            reason = "not run, because train() was stopped in an earlier run"
            return TrainingRun(name, problem=Finding(what=reason))
        student = self._student.fresh()
        try:
            run = self._trained(name, task, student)
        except StudentError as error:
            if name == PLAIN and isinstance(error, Stopped):
                self._stopped.set()
            unwritten = isinstance(error, NotWritten)
            finding = error_finding(error)
            raised = isinstance(error, Raised) and not isinstance(error, Forbidden)
            if raised and not declared_hyperparameters(student):
                finding = finding.model_copy(update={"help": _DECLARE})
            return TrainingRun(
                name,
                problem=finding,
                unwritten=unwritten,
                cpu_seconds=student.cpu_seconds,
            )
        else:
            spoilt = name == OVERFIT and run.accuracy < 1.0
            return self._learned_otherwise(run, task) if spoilt else run
        finally:
            student.close()

    def _learned_otherwise(self, first: TrainingRun, task: Task) -> TrainingRun:
        """Learning the few samples by heart once more: many epochs of one step each.

        A learning rate that decays by the epoch spoils this way, few declared epochs the first.
        """
        samples = len(task.X_test)
        again = dataclasses.replace(
            task,
            X=task.X[:samples],
            y=task.y[:samples],
            overrides={"epochs": _OVERFIT_EPOCHS, "reg": 0.0, "batch_size": samples},
        )
        student = self._student.fresh()
        try:
            second = self._trained(first.name, again, student)
        except StudentError:
            return first
        finally:
            student.close()
        return max(first, second, key=lambda run: run.accuracy)

    def _trained(self, name: str, task: Task, student: Student) -> TrainingRun:
        hyperparameters = _hyperparameters(student, task)
        returned = student.call(
            "train", task.X, task.y, hyperparameters, task.seed, cpu_seconds=self._limit
        )
        answer = read_training_answer(
            returned.value,
            inputs=task.X.shape[1],
            classes=len(task.labels),
            place=returned.place,
        )
        if isinstance(answer, Finding):
            return TrainingRun(name, problem=answer, cpu_seconds=student.cpu_seconds)
        measurement = measure(self._oracle, student, task, answer)
        return TrainingRun(name, measurement, cpu_seconds=student.cpu_seconds)


def _hyperparameters(student: Student, task: Task) -> Any:
    """The student's own, changed for this run; they stay in the student's process."""
    try:
        return student.declared_with("HYPERPARAMETERS", task.overrides)
    except NotDefined:
        return dict(task.overrides)


def declared_hyperparameters(student: Student) -> dict[str, Any]:
    """The student's HYPERPARAMETERS, or {} when no dict of that name can be had."""
    try:
        declared = student.declared("HYPERPARAMETERS")
    except StudentError:
        return {}
    return dict(declared) if isinstance(declared, dict) else {}


def whole_number(value: Any) -> int | None:
    """A declared number of something: 200, 200.0 and np.int32(200) alike; None for what is none."""
    if isinstance(value, bool):
        return None
    number = finite_scalar(value)
    return int(number) if number is not None and number == int(number) and number > 0 else None


_made: dict[tuple[int, bytes, int, int, int], dict[str, Task]] = {}


def _tasks(
    dataset: Dataset, seed: bytes, classes: int, disguised: int, samples: int
) -> dict[str, Task]:
    """The tasks by name; made once, as they are the same for all submissions."""
    key = (id(dataset), seed, classes, disguised, samples)
    if key not in _made:
        tasks = {PLAIN: _plain(dataset, seed, classes)}
        for index in range(1, disguised + 1):
            tasks[f"disguised {index}"] = _disguised(dataset, seed, classes, index)
        tasks[FRESH] = _fresh(dataset, seed, classes)
        tasks[OVERFIT] = _overfit(dataset, seed, classes, samples)
        _made[key] = tasks
        weakref.finalize(dataset, _made.pop, key, None)
    return _made[key]


def _plain(dataset: Dataset, seed: bytes, classes: int) -> Task:
    return Task(
        dataset.X_train,
        dataset.y_train,
        dataset.X_test,
        dataset.y_test,
        np.arange(classes),
        _run_seed(seed, PLAIN),
    )


def _disguised(dataset: Dataset, seed: bytes, classes: int, index: int) -> Task:
    name = f"disguised {index}"
    rng = generator(seed, "training", name)
    order = rng.permutation(len(dataset.X_train))
    labels = _renamed(rng, classes)
    return Task(
        dataset.X_train[order],
        labels[dataset.y_train[order]],
        dataset.X_test,
        dataset.y_test,
        labels,
        _run_seed(seed, name),
    )


def _renamed(rng: np.random.Generator, classes: int) -> NDArray[np.int64]:
    """A permutation of the class labels that moves at least one of them."""
    labels = rng.permutation(classes)
    while np.array_equal(labels, np.arange(classes)):
        labels = rng.permutation(classes)
    return labels


def _fresh(dataset: Dataset, seed: bytes, classes: int) -> Task:
    X, y = ordinal_task(
        generator(seed, "training", FRESH),
        inputs=dataset.X.shape[1],
        classes=classes,
        samples=len(dataset.X),
    )
    n = dataset.train
    labels = np.arange(classes)
    return Task(X[:n], y[:n], X[n:], y[n:], labels, _run_seed(seed, FRESH))


def _overfit(dataset: Dataset, seed: bytes, classes: int, samples: int) -> Task:
    labels = _renamed(generator(seed, "training", OVERFIT), classes)
    few = np.arange(samples)
    # Repeated, so that an epoch has as many steps as the student's schedule expects.
    rows = np.resize(few, dataset.train)
    X, y = dataset.X_train, dataset.y_train
    run_seed = _run_seed(seed, OVERFIT)
    return Task(X[rows], labels[y[rows]], X[few], y[few], labels, run_seed, {"reg": 0.0})


def _run_seed(seed: bytes, name: str) -> int:
    # Small, because honest code computes with it, as in RandomState(seed * 1000 + epoch).
    return int(generator(seed, "training", name, "seed").integers(0, 1000))
