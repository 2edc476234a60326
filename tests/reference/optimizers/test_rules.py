"""Update rules: what the golden cases do not show."""

from __future__ import annotations

import numpy as np
import pytest

from reference import optimizers
from reference.optimizers import adam, alexnet_update, lbfgs_direction, sgd, sgd_momentum

RULES = [getattr(optimizers, name) for name in optimizers.__all__ if name != "lbfgs_direction"]


@pytest.mark.parametrize("rule", RULES)
def test_defaults_and_precision(rule) -> None:
    """No config is an empty one; what is given comes back; float32 stays float32."""
    w, dw = np.ones((2, 3), np.float32), np.full((2, 3), 0.5, np.float32)
    one, config = rule(w, dw)
    two, _ = rule(w, dw, {"mine": 7})
    np.testing.assert_array_equal(one, two)
    assert one.dtype == np.float32
    assert (one < w).all()
    assert w.tolist() == [[1] * 3] * 2
    again, after = rule(one, dw, {**config, "mine": 7})
    assert again.dtype == np.float32
    assert after["mine"] == 7


def test_by_hand() -> None:
    """Two steps of momentum from 1 with gradient 1: 0.9, then 0.9 - 0.09 - 0.1."""
    w, config = sgd(np.array([1.0]), np.array([1.0]), {"learning_rate": 0.1})
    assert w == pytest.approx(0.9)
    w, config = sgd_momentum(np.array([1.0]), np.array([1.0]), {"learning_rate": 0.1})
    w, _ = sgd_momentum(w, np.array([1.0]), config)
    assert w == pytest.approx(0.71)


def test_adam_s_first_step_is_the_learning_rate() -> None:
    """The corrections make the first step as long as the learning rate, whatever the gradient."""
    w, _ = adam(np.zeros(2), np.array([1e-3, -100.0]), {"learning_rate": 0.1})
    np.testing.assert_allclose(w, [-0.1, 0.1], rtol=1e-4)


def test_alexnet_s_weights_decay() -> None:
    """Without gradients a weight of 1 loses 0.0005 of the learning rate in the first step."""
    w, _ = alexnet_update(np.ones(1), np.zeros(1), {"learning_rate": 1.0})
    assert w == pytest.approx(1 - 0.0005)


def test_as_many_pairs_as_dimensions_give_newton_s_direction() -> None:
    """On a quadratic function, steps that are conjugate tell the Hessian whole."""
    hessian = np.diag([1.0, 4.0, 9.0])
    steps = list(np.eye(3))
    grad = np.array([1.0, 2.0, 3.0])
    direction = lbfgs_direction(grad, steps, [hessian @ s for s in steps])
    np.testing.assert_allclose(direction, -np.linalg.solve(hessian, grad))


def test_histories_of_different_lengths_are_refused() -> None:
    """Each step has its change of the gradient."""
    with pytest.raises(ValueError, match="shorter"):
        lbfgs_direction(np.ones(2), [np.ones(2)], [])
