"""grader/checks/returned_parameters.py: each wrong form of train()'s answer is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.returned_parameters import TrainingAnswer, read_training_answer
from grader.result import Finding


def params(**changes: Any) -> dict[str, Any]:
    """Right parameters of a net with 5 hidden neurons, with changes."""
    right = {
        "W1": np.ones((8, 5)),
        "b1": np.zeros(5),
        "W2": np.ones((5, 4)),
        "b2": np.zeros(4),
    }
    return {name: value for name, value in (right | changes).items() if value is not None}


def read(value: Any) -> TrainingAnswer | Finding:
    """Read an answer for 8 inputs and 4 classes."""
    return read_training_answer(value, inputs=8, classes=4, place=None)


@pytest.mark.parametrize(
    "value",
    [
        (params(), [1.0]),
        [params(), [1.0]],
        (params(b1=np.zeros((1, 5)), b2=np.zeros((1, 4))), None),
        params(),
        (params(W1=np.ones((8, 5), dtype=np.float32)), []),
        (params(extra=np.ones(3)), []),
    ],
)
def test_right_parameters_are_taken(value: Any) -> None:
    """Tuples, lists, bias rows, float32 and additional entries are all fine."""
    answer = read(value)
    assert isinstance(answer, TrainingAnswer)
    assert answer.hidden_size == 5
    assert {name: array.shape for name, array in answer.params.items()} == {
        "W1": (8, 5),
        "b1": (5,),
        "W2": (5, 4),
        "b2": (4,),
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "returned None"),
        (np.ones((8, 5)), "returned a ndarray"),
        ((params(b2=None), []), "b2 is missing"),
        ((params(W1="abc"), []), "W1 is a str"),
        ((params(W1=np.ones((5, 8))), []), "W1 has shape (5, 8)"),
        ((params(W2=np.ones((5, 3))), []), "W2 has shape (5, 3)"),
        ((params(b2=np.zeros(3)), []), "b2 has shape (3,)"),
        ((params(b1=np.zeros(0)), []), "b1 has 0 values"),
        ((params(W2=np.full((5, 4), np.nan)), []), "20 values of W2 are not finite"),
        ((params(W2=np.ones((5, 4)) * 1j), []), "W2 is"),
    ],
)
def test_wrong_forms_are_named(value: Any, words: str) -> None:
    """What is missing, of a wrong type or shape, or not finite is said in one sentence."""
    finding = read(value)
    assert isinstance(finding, Finding)
    assert words in finding.what
    assert finding.help
