"""The training loop, and what it reaches on the homework's own data."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from numpy.typing import NDArray

import reference.training
from reference.training import CLASSES, HYPERPARAMETERS, train
from reference.two_layer_net import loss, predict

SHORT = {**HYPERPARAMETERS, "epochs": 5}


def _task(samples: int = 60) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(0)
    X = rng.random((samples, 8))
    return X, np.digitize(X @ rng.standard_normal(8), [-0.5, 0.0, 0.5])


def test_history_is_the_loss_after_each_epoch() -> None:
    """One entry an epoch; the last is the loss of the returned parameters, L2 term included."""
    X, y = _task()
    params, history = train(X, y, {**SHORT, "reg": 0.01}, seed=0)
    assert len(history) == 5
    assert history[-1] == loss(params, X, y, 0.01)[0]


def test_earlier_entries_belong_to_earlier_parameters() -> None:
    """The entries are no copies of the last: they differ, and the loss falls."""
    X, y = _task()
    _, history = train(X, y, {**SHORT, "epochs": 200}, seed=0)
    assert len(set(history)) == 200
    assert history[-1] < 0.8 * history[0]


def test_the_same_seed_trains_the_same_net() -> None:
    """A seed decides weights and order; another seed gives another net."""
    X, y = _task()
    first, again, other = (train(X, y, SHORT, seed)[0]["W1"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_missing_class_keeps_its_place() -> None:
    """A few samples may lack the last class; the scores still have a column for it."""
    X, _ = _task(10)
    params, _ = train(X, np.zeros(10, dtype=int), SHORT, seed=0)
    assert params["W2"].shape == (HYPERPARAMETERS["hidden_size"], CLASSES)
    assert params["b2"].shape == (CLASSES,)


def test_every_sample_is_seen_in_every_epoch() -> None:
    """Also those of the last batch, which is smaller: each one's label changes the result."""
    X, y = _task(7)
    one_epoch = {**HYPERPARAMETERS, "epochs": 1, "batch_size": 4}
    params, _ = train(X, y, one_epoch, seed=0)
    for sample in range(7):
        changed = y.copy()
        changed[sample] = (y[sample] + 1) % CLASSES
        assert (train(X, changed, one_epoch, seed=0)[0]["b2"] != params["b2"]).any()


def test_data_are_left_alone() -> None:
    """X and y are not written to."""
    X, y = _task()
    X.flags.writeable = y.flags.writeable = False
    train(X, y, SHORT, seed=0)


def test_hyperparameters_have_the_names_the_assignment_reads() -> None:
    """The five names of the student API, counts as ints."""
    assert HYPERPARAMETERS.keys() == {
        "hidden_size",
        "batch_size",
        "learning_rate",
        "reg",
        "epochs",
    }
    for name in ("hidden_size", "batch_size", "epochs"):
        assert isinstance(HYPERPARAMETERS[name], int)
    assert list(inspect.signature(reference.training.train).parameters) == [
        "X",
        "y",
        "hyperparameters",
        "seed",
    ]


def test_twenty_samples_are_learned_by_heart() -> None:
    """The lecture's sanity step: without L2 and with patience, 20 samples reach 100 %."""
    X, y = _task(20)
    patient = {**HYPERPARAMETERS, "epochs": 3000, "reg": 0.0}
    params, _ = train(X, y, patient, seed=0)
    np.testing.assert_array_equal(predict(params, X), y)


@pytest.mark.slow
def test_accuracy_on_the_homeworks_data(
    dataset: tuple[NDArray[np.float64], NDArray[np.int64]],
) -> None:
    """Trained on lines 1-400, at least 95 % of lines 401-500 are right, on average of 20 seeds."""
    X, y = dataset
    accuracies = []
    for seed in range(20):
        params, _ = train(X[:400], y[:400], HYPERPARAMETERS, seed)
        accuracies.append(np.mean(predict(params, X[400:]) == y[400:]))
    assert np.mean(accuracies) >= 0.95
    assert min(accuracies) >= 0.90, "no seed ends with dead units"
