"""The rectified linear unit."""

from __future__ import annotations

import numpy as np
import pytest

from reference.layers.relu import relu_backward, relu_forward


def test_worked_example() -> None:
    """What is positive passes, and so does its gradient; at the kink the gradient is 0."""
    out, cache = relu_forward(np.array([[-2.0, 0.0, 3.0]]))
    assert out.tolist() == [[0, 0, 3]]
    assert relu_backward(np.array([[5.0, 6.0, 7.0]]), cache).tolist() == [[0, 0, 7]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(dtype: type) -> None:
    """float32 stays float32, forward and backward."""
    out, cache = relu_forward(np.ones((2, 3), dtype))
    assert out.dtype == relu_backward(out, cache).dtype == dtype
