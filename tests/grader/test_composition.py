"""grader/composition.py: what becomes of the answers that an answer is made of."""

from __future__ import annotations

import numpy as np
import pytest

from grader.bundle import Arrangement, Bound, Composition, Step, Tolerance
from grader.composition import answers, felt, inputs, surely_felt, with_moved

X = np.arange(24.0).reshape(2, 3, 4)
Y = np.array([2, 0, 1])
STEPS = [
    Step("f", [X, {"var": np.array([1 / 4096, 0.0])}], ["z", "#cache"]),
    Step("g", [Bound("z"), Y, 0.5], "loss"),
]


def test_outputs_are_arranged_and_completed() -> None:
    """A flat output comes back as an image; a penalty is added; other shapes are left out."""
    there = Arrangement((2, 4, 3), (0, 2, 1))
    made = Composition(STEPS, {"out": there}, {"loss": np.asarray(0.5)})
    flat = X.transpose(0, 2, 1).reshape(-1, 3)
    found = answers(made, {"out": flat, "loss": np.asarray(2.0), "dx": X})
    np.testing.assert_array_equal(found["out"], X)
    assert found["loss"] == 2.5
    assert found["dx"] is X
    assert answers(made, {"out": X[:1], "loss": np.ones(1)}) == {}


def test_every_input_is_moved_alone() -> None:
    """Arrays in dicts, too: every value changes, signs stay, and so does the grid if it can."""
    made = Composition(STEPS)
    paths = dict(inputs(made))
    assert list(paths) == [(0, 0), (0, 1, "var"), (1, 1)]
    for path, before in paths.items():
        steps = with_moved(made, path)
        assert steps is not None
        after = dict(inputs(Composition(steps)))
        assert (after.pop(path) != before).all()
        for other, same in after.items():
            np.testing.assert_array_equal(same, paths[other])
    (moved, _), _ = (step.args[:2] for step in with_moved(made, (0, 0)) or [])
    assert (moved * 4096 % 1 == 0).all()
    assert (moved >= X).all()
    np.testing.assert_array_equal(X, np.arange(24.0).reshape(2, 3, 4))


def test_a_single_label_cannot_be_moved() -> None:
    """There is nothing to change it to."""
    assert with_moved(Composition([Step("f", [np.array([3])], "out")]), (0, 0)) is None


@pytest.mark.parametrize(
    ("after", "seen"),
    [
        (X, False),
        (X + 1e-6, False),
        (X + 0.1, True),
        (X[0], True),
        (np.full_like(X, np.nan), False),
    ],
)
def test_an_output_has_felt_what_changes_it_visibly(after: np.ndarray, seen: bool) -> None:
    """Neither counts what the tolerance may hide, nor what is no number."""
    assert felt(X, after, Tolerance(0, 1e-6)) is seen
    assert surely_felt(X, after, Tolerance(0, 1e-6)) is seen


def test_rounding_is_not_felt() -> None:
    """What should be 0 is another sum of rounding errors each time, which says nothing."""
    assert not surely_felt(np.array([1e-17]), np.array([3e-17]), Tolerance())
