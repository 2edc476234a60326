"""Chooses the hyperparameters of reference.training by cross-validation.

    python -m reference.hyperparameter_search DATASET

Only the first 400 lines of the dataset are read; the test lines have no say. Two rounds: every
combination of the grid is trained on one 5-fold split, then the best twelve on ten more splits.
Each run has its own first weights, so a combination that now and then ends with dead units is
found out. The mean loss on the held-out fold decides: accuracy moves in steps of 1/80, and does
not tell a confident mistake from a narrow one. It takes four minutes.

HYPERPARAMETERS are the first line of the table.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tabulate import tabulate

from reference.arrays import Array, Labels
from reference.training import train
from reference.two_layer_net import loss, predict

TRAINING_LINES = 400
FOLDS = 5
GRID: dict[str, list[float]] = {
    "hidden_size": [4, 8, 16, 32],
    "batch_size": [20, 50],
    "learning_rate": [0.1, 0.3, 1.0],
    "reg": [5e-5, 1.5e-4, 5e-4, 1.5e-3],  # not 0: the homework's loss has an L2 term
    "epochs": [300],  # more were never worse, and a run should take well under half a second
}
FINALISTS = 12


@dataclass(frozen=True)
class Trial:
    """One combination and how it did on the held-out folds, a value a run."""

    hyperparameters: Mapping[str, float]
    losses: Array
    accuracies: Array


def cross_validate(
    X: Array, y: Labels, hyperparameters: Mapping[str, float], splits: Sequence[int]
) -> Trial:
    """Train on all folds but one and measure on that one, for every fold of every split.

    Args:
        X: (N, D), inputs
        y: (N,), labels 0..C-1
        hyperparameters: of reference.training.train
        splits: seeds, one for each way to deal the samples into folds
    """
    losses, accuracies = [], []
    for split in splits:
        order = np.random.default_rng(split).permutation(len(X))
        for fold in range(FOLDS):
            held_out = order[fold::FOLDS]
            kept = np.setdiff1d(order, held_out)
            params, _ = train(X[kept], y[kept], hyperparameters, seed=FOLDS * split + fold)
            losses.append(loss(params, X[held_out], y[held_out])[0])
            accuracies.append(np.mean(predict(params, X[held_out]) == y[held_out]))
    return Trial(hyperparameters, np.array(losses), np.array(accuracies))


def search(X: Array, y: Labels) -> list[Trial]:
    """The finalists of the grid, best first."""
    grid = [dict(zip(GRID, values, strict=True)) for values in itertools.product(*GRID.values())]
    first_round = ranked([cross_validate(X, y, candidate, [0]) for candidate in grid])
    finalists = [trial.hyperparameters for trial in first_round[:FINALISTS]]
    return ranked([cross_validate(X, y, candidate, range(1, 11)) for candidate in finalists])


def ranked(trials: list[Trial]) -> list[Trial]:
    """Least mean loss first."""
    return sorted(trials, key=lambda trial: float(trial.losses.mean()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the finalists as a table, best first."""
    parser = argparse.ArgumentParser(description="Cross-validate the reference's hyperparameters.")
    parser.add_argument("dataset", type=Path, help="dataset.txt; its first 400 lines are read")
    path = parser.parse_args(arguments).dataset
    if not path.is_file():
        parser.error(f"{path} is not a file; `grade dataset` downloads the homework's data")
    table = np.loadtxt(path, max_rows=TRAINING_LINES)
    X, y = table[:, :-1], table[:, -1].astype(np.int64) - 1
    rows = [
        {
            **trial.hyperparameters,
            "loss": trial.losses.mean(),
            "worst loss": trial.losses.max(),
            "accuracy": trial.accuracies.mean(),
            "worst accuracy": trial.accuracies.min(),
        }
        for trial in search(X, y)
    ]
    print(tabulate(rows, headers="keys", floatfmt=".4g"))  # noqa: T201  this script's only output


if __name__ == "__main__":
    main()
