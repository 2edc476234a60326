"""The penalties on large weights, by hand and against differences."""

from __future__ import annotations

import numpy as np
import pytest

from reference.gradient_check import norm_ratio, numerical_gradient
from reference.losses import elastic_net, l1_penalty, l2_penalty

W = np.array([[1.0, -2.0], [0.5, 3.0]])


@pytest.mark.parametrize(
    ("penalty", "arguments", "value", "gradient"),
    [
        (l2_penalty, (0.5,), 7.125, [[1, -2], [0.5, 3]]),
        (l1_penalty, (0.5,), 3.25, [[0.5, -0.5], [0.5, 0.5]]),
        (elastic_net, (0.5, 2.0), 17.5, [[2.5, -4.5], [1.5, 6.5]]),
    ],
)
def test_worked_example(penalty, arguments, value, gradient) -> None:
    """L2 is not halved; the elastic net weighs the squares alone with beta."""
    got, dw = penalty(W, *arguments)
    assert got == value
    assert dw.tolist() == gradient
    assert norm_ratio(dw, numerical_gradient(lambda w: penalty(w, *arguments)[0], W.copy())) < 1e-9


@pytest.mark.parametrize(
    ("penalty", "arguments"), [(l1_penalty, (1.0,)), (elastic_net, (1.0, 1.0))]
)
def test_a_weight_of_zero_stays_there(penalty, arguments) -> None:
    """At the kink the gradient is 0."""
    assert penalty(np.zeros(2), *arguments)[1].tolist() == [0, 0]
