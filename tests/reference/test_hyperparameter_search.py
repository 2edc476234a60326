"""The search that chose the training's constants."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reference import hyperparameter_search
from reference.hyperparameter_search import FOLDS, GRID, cross_validate, main, search
from reference.training import HYPERPARAMETERS

TINY = {"hidden_size": 4, "batch_size": 20, "learning_rate": 0.3, "reg": 5e-5, "epochs": 2}


def _task(samples: int) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).random((samples, 8))
    return X, np.digitize(X[:, 0], [0.25, 0.5, 0.75])


def test_the_constants_are_a_point_of_the_grid() -> None:
    """HYPERPARAMETERS could have been printed by the search."""
    assert HYPERPARAMETERS.keys() == GRID.keys()
    for name, value in HYPERPARAMETERS.items():
        assert value in GRID[name]


def test_every_sample_is_held_out_once_per_split(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folds of a split share no sample, and training never sees the held-out fold."""
    seen: list[set[float]] = []
    train = hyperparameter_search.train

    def watched(X: np.ndarray, y: np.ndarray, hyperparameters: dict, seed: int) -> object:
        seen.append(set(X[:, 0]))
        return train(X, y, hyperparameters, seed)

    monkeypatch.setattr(hyperparameter_search, "train", watched)
    X, y = _task(53)
    trial = cross_validate(X, y, TINY, splits=[1, 2])
    assert len(trial.losses) == len(trial.accuracies) == len(seen) == 2 * FOLDS
    everything = set(X[:, 0])
    for split in (seen[:FOLDS], seen[FOLDS:]):
        held_out = [everything - kept for kept in split]
        assert sum(map(len, held_out)) == 53
        assert set.union(*held_out) == everything


def test_the_least_loss_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """All finalists are returned, ranked by their mean loss on held-out folds."""
    grid = {name: [value] for name, value in TINY.items()} | {"learning_rate": [1e-6, 0.3, 5.0]}
    monkeypatch.setattr(hyperparameter_search, "GRID", grid)
    trials = search(*_task(60))
    losses = [trial.losses.mean() for trial in trials]
    assert losses == sorted(losses)
    assert {trial.hyperparameters["learning_rate"] for trial in trials} == {1e-6, 0.3, 5.0}


def test_test_lines_have_no_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line 401 is not even parsed; the table names every hyperparameter."""
    X, y = _task(400)
    file = tmp_path / "dataset.txt"
    lines = [" ".join(map(str, [*x, label + 1])) for x, label in zip(X, y, strict=True)]
    file.write_text("\n".join([*lines, "this is not a number"]))
    monkeypatch.setattr(hyperparameter_search, "GRID", {name: [v] for name, v in TINY.items()})
    main([str(file)])
    assert capsys.readouterr().out.split()[:5] == list(TINY)


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong path gets a sentence, not a traceback."""
    with pytest.raises(SystemExit) as stop:
        main(["nowhere.txt"])
    assert stop.value.code == 2
    assert "nowhere.txt is not a file" in capsys.readouterr().err
