"""The multiclass hinge loss."""

from __future__ import annotations

import numpy as np
import pytest

from reference.losses import svm_loss


def test_worked_example() -> None:
    """The lecture's cat, car and frog: losses 2.9, 0 and 12.9, on average 5.27."""
    x = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    loss, dx = svm_loss(x, np.array([0, 1, 2]))
    assert loss == pytest.approx((2.9 + 0 + 12.9) / 3)
    np.testing.assert_allclose(3 * dx, [[-1, 1, 0], [0, 0, 0], [1, 1, -2]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equal_scores_cost_C_minus_1(dtype: type) -> None:
    """The number that the lecture's sanity check looks for; float32 stays float32."""
    loss, dx = svm_loss(np.full((5, 4), 3, dtype), np.zeros(5, dtype=int))
    assert loss == 3
    assert dx.dtype == dtype
