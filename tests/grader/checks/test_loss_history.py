"""grader/checks/loss_history.py: what a history must be, and what is mere habit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.loss_history import _RULES, _as_history
from grader.checks.measurement import Measurement
from grader.checks.returned_parameters import TrainingAnswer

LOSS = 0.25
REG = 0.01


class Declares:
    """A context in which the student declares some hyperparameters."""

    def __init__(self, **hyperparameters: Any) -> None:
        self.student = self
        self._declared = hyperparameters

    def declared(self, _name: str) -> dict[str, Any]:
        return self._declared


def measurement() -> Measurement:
    """A network whose data loss is 0.25 and whose squared weights sum to 3."""
    zeros = {"b1": np.zeros(1), "b2": np.zeros(2)}
    params = {"W1": np.array([[1.0]]), "W2": np.array([[1.0, 1.0]]), **zeros}
    answer = TrainingAnswer(params, params, None, None)
    return Measurement(0.9, 90, 100, LOSS, verified=True, answer=answer)


def fraction(rule: str, history: list[float], **declared: Any) -> float:
    """The fraction of the points that a history earns under a rule."""
    verdict = _RULES[rule](np.array(history), measurement(), Declares(**declared))  # type: ignore[arg-type]
    return verdict.fraction


@pytest.mark.parametrize(
    ("last", "earned"),
    [
        (LOSS + 3 * REG, 1.0),  # with the L2 term
        (LOSS, 1.0),  # without it
        (LOSS + 1.5 * REG, 1.0),  # with half of it
        (round(LOSS + 3 * REG, 3), 1.0),  # rounded for printing
        (1.05 * (LOSS + 3 * REG), 0.5),  # a mean over the epoch's minibatches
        (2 * LOSS, 0.0),
        (0.0, 0.0),
        (float("nan"), 0.0),
    ],
)
def test_the_last_entry_is_the_loss_of_the_returned_parameters(last: float, earned: float) -> None:
    """Any honest convention passes; a running mean is half right; anything else is wrong."""
    assert fraction("last_is_final_loss", [1.38, last], reg=REG) == earned


@pytest.mark.parametrize(
    ("entries", "declared", "earned"),
    [(10, 10, 1.0), (11, 10, 1.0), (9, 10, 0.0), (400, 10, 0.0), (10, None, 0.0), (1, True, 0.0)],
)
def test_one_entry_an_epoch(entries: int, declared: Any, earned: float) -> None:
    """As many entries as declared epochs, or one more for the untrained net."""
    assert fraction("one_per_epoch", [1.0] * entries, epochs=declared) == earned


@pytest.mark.parametrize(
    ("history", "earned"),
    [
        ([1.4, 1.0, 0.5, 0.3], 1.0),
        ([1.4, 0.3, 0.5, 0.31], 1.0),
        ([0.3, 0.5, 1.0, 1.4], 0.0),
        ([1.4, 1.4, 1.4, 1.4], 0.0),
        ([1.4], 0.0),
    ],
)
def test_the_loss_falls(history: list[float], earned: float) -> None:
    """The last quarter lies below the first; single bumps do not matter."""
    assert fraction("falls", history) == earned


def test_what_a_plot_needs_is_kept() -> None:
    """At most 200 entries, first and last among them, each with its number; up to a NaN."""

    def curve(history: list[float]) -> dict[str, Any]:
        return _RULES["falls"](np.array(history), measurement(), Declares()).measured  # type: ignore[arg-type]

    assert curve([1.4, 0.7, 0.3]) == {"history": [1.4, 0.7, 0.3], "history_epochs": [1, 2, 3]}
    assert curve([1.4, 0.7, np.nan, 0.1])["history_epochs"] == [1, 2]
    assert curve([np.inf, 0.7]) == {}
    long = curve(list(np.linspace(1.4, 0.1, 100_000)))
    assert len(long["history"]) == len(long["history_epochs"]) == 200
    assert (long["history_epochs"][0], long["history_epochs"][-1]) == (1, 100_000)


@pytest.mark.parametrize(("bad", "earned"), [(0.5, 1.0), (np.nan, 0.0), (np.inf, 0.0)])
def test_a_history_is_finite(bad: float, earned: float) -> None:
    """NaN and infinity are noticed wherever they stand."""
    assert fraction("finite", [1.4, bad, 0.3]) == earned


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "no history"),
        ("abc", "is a str"),
        ([[1.0, 2.0]], "shape (1, 2)"),
        ([], "is a list"),
        ({"loss": [1.0]}, "is a dict"),
        (1.5, "shape ()"),
    ],
)
def test_what_is_no_history_is_said(value: Any, words: str) -> None:
    """Each other form is named in words."""
    history = _as_history(value)
    assert isinstance(history, str)
    assert words in history
