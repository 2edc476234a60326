"""A random search for learning rate and penalty, as the lecture runs it.

Source: course lecture "Training neural networks", hyperparameter search; Bergstra, Bengio 2012.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from reference.arrays import Array
from reference.search.log_space import sample_log_uniform
from reference.search.selection import best_trial
from reference.search.trial_line import trial_line

Exponents = tuple[float, float]
"""The least and the largest power of ten."""


@dataclass(frozen=True)
class Trial:
    """One combination and how it did."""

    lr: float
    reg: float
    train_acc: float
    val_acc: float
    test_acc: float


def random_search(
    evaluate: Callable[[float, float], tuple[float, float, float]],
    u: Array,
    lr: Exponents,
    reg: Exponents,
) -> list[Trial]:
    """Try combinations at random, each parameter uniform in its logarithm.

    Args:
        evaluate: trains with (lr, reg); accuracies on training, validation and test data
        u: (T, 2), uniform in 0..1
        lr: between which powers of ten the learning rate lies
        reg: likewise the penalty
    """
    rates, penalties = sample_log_uniform(u[:, 0], *lr), sample_log_uniform(u[:, 1], *reg)
    pairs = zip(rates.tolist(), penalties.tolist(), strict=True)
    return [Trial(rate, penalty, *evaluate(rate, penalty)) for rate, penalty in pairs]


def lines(trials: list[Trial]) -> Iterator[str]:
    """A line for each trial, as the lecture prints it."""
    for number, trial in enumerate(trials, 1):
        yield trial_line(trial.val_acc, trial.lr, trial.reg, number, len(trials))


def best(trials: list[Trial]) -> Trial:
    """The trial of largest validation accuracy; its test accuracy is the one to report."""
    names = ("train_acc", "val_acc", "test_acc")
    train, val, test = (np.array([getattr(trial, name) for trial in trials]) for name in names)
    return trials[best_trial(train, val, test)[0]]
