"""The affine layer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.gradient_check import norm_ratio, numerical_gradient
from reference.layers.affine import affine_backward, affine_forward

SIZES = st.integers(1, 5)


def test_worked_example() -> None:
    """Two samples through a 2-3 layer, by hand."""
    x, w = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]])
    out, _ = affine_forward(x, w, np.array([0.0, 10.0, 100.0]))
    assert out.tolist() == [[7, 12, 102], [-3, 9, 100]]


@given(SIZES, SIZES, SIZES, SIZES)
def test_backward_equals_differences(N: int, rows: int, columns: int, M: int) -> None:
    """dx, dw and db are the derivatives, whatever the sizes, for samples that are matrices too."""
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((N, rows, columns)), rng.standard_normal((rows * columns, M))
    b, dout = rng.standard_normal(M), rng.standard_normal((N, M))
    gradients = affine_backward(dout, affine_forward(x, w, b)[1])
    for argument, gradient in zip((x, w, b), gradients, strict=True):
        expected = numerical_gradient(lambda _: affine_forward(x, w, b)[0], argument, dout)
        assert gradient.shape == argument.shape
        assert norm_ratio(gradient, expected) < 1e-7


def test_sizes_that_do_not_match() -> None:
    """A sample with more values than w has rows is refused."""
    with pytest.raises(ValueError, match="mismatch"):
        affine_forward(np.ones((2, 3)), np.ones((4, 5)), np.ones(5))
