"""Residual blocks: what they are with weights of 0, and shapes that do not match."""

from __future__ import annotations

import numpy as np
import pytest

from reference.layers.residual import (
    residual_backward,
    residual_forward,
    residual_projection_forward,
)


def _zeros(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {name: np.zeros(shape) for name, shape in shapes.items()}


def test_a_block_without_weights_passes_its_input_on() -> None:
    """With all weights 0 the block is the identity on what is positive, and so is its gradient."""
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    params = _zeros(W1=(4, 3, 3, 3), b1=(4,), W2=(3, 4, 3, 3), b2=(3,))
    out, cache = residual_forward(x, params)
    np.testing.assert_array_equal(out, np.maximum(x, 0))
    dx, _ = residual_backward(np.ones_like(out), cache)
    np.testing.assert_array_equal(dx, (x > 0).astype(float))


def test_a_projection_subsamples() -> None:
    """With all other weights 0, a projection by the identity keeps every second pixel."""
    x = np.random.default_rng(0).random((2, 3, 5, 7))
    params = _zeros(W1=(3, 3, 3, 3), b1=(3,), W2=(3, 3, 3, 3), b2=(3,), bp=(3,))
    params["Wp"] = np.eye(3).reshape(3, 3, 1, 1)
    out, _ = residual_projection_forward(x, params, 2)
    np.testing.assert_array_equal(out, x[:, :, ::2, ::2])


def test_windows_that_do_not_fit() -> None:
    """An even size has no middle for stride 2."""
    params = _zeros(W1=(3, 3, 3, 3), b1=(3,), W2=(3, 3, 3, 3), b2=(3,), Wp=(3, 3, 1, 1), bp=(3,))
    with pytest.raises(ValueError, match="does not fit"):
        residual_projection_forward(np.ones((1, 3, 4, 4)), params, 2)


def test_channels_that_do_not_match() -> None:
    """A block that changes the channels needs a projection."""
    params = _zeros(W1=(4, 3, 3, 3), b1=(4,), W2=(5, 4, 3, 3), b2=(5,))
    with pytest.raises(ValueError, match="broadcast"):
        residual_forward(np.ones((1, 3, 4, 4)), params)
