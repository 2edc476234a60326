"""Dropout's edges: modes, expected values, and numbers drawn by the layer itself."""

from __future__ import annotations

import numpy as np
import pytest

from reference.layers.dropconnect import dropconnect_forward
from reference.layers.dropout import (
    drawn_dropout_backward,
    drawn_dropout_forward,
    dropout_backward,
    dropout_forward,
)
from reference.layers.stochastic_depth import stochastic_depth_forward


@pytest.mark.parametrize("mode", ["train", "test"])
def test_the_expected_output_is_the_input(mode):
    """Over many evenly spread numbers u, the mean output is the input, in both modes."""
    u = (np.arange(1000).reshape(-1, 1) + 0.5) / 1000 * np.ones((1, 3))
    x = np.broadcast_to([1.0, -2.0, 3.0], u.shape)
    out, _ = dropout_forward(x, {"p": 0.25, "mode": mode, "u": u})
    np.testing.assert_allclose(out.mean(axis=0), x[0])


def test_a_seed_gives_the_same_units_again():
    """With a seed two passes drop the same units, and the gradient passes where x did."""
    x = np.ones((30, 40))
    param = {"p": 0.6, "mode": "train", "seed": 3}
    (one, cache), (two, _) = (drawn_dropout_forward(x, param) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(drawn_dropout_backward(x, cache), one)


def test_results_are_copies():
    """At test time out and dx are equal to x and dout, and may be changed without harm."""
    x, dout = np.ones(3), np.ones(3)
    out, cache = dropout_forward(x, {"p": 0.5, "mode": "test", "u": x})
    dx = dropout_backward(dout, cache)
    out += 1
    dx += 1
    assert x.tolist() == dout.tolist() == [1, 1, 1]


def test_unknown_modes_are_refused():
    """A misspelt mode is no test mode."""
    param = {"p": 0.5, "mode": "Train", "u": np.ones((2, 2))}
    x = np.ones((2, 2))
    for call in (
        lambda: dropout_forward(x, param),
        lambda: dropconnect_forward(x, x, x[0], param),
        lambda: stochastic_depth_forward(x, x, param),
    ):
        with pytest.raises(ValueError, match="no mode 'Train'"):
            call()
