"""Update rules take the steps of torch.optim; L-BFGS finds the minimum that SciPy finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference import optimizers
from reference.optimizers import lbfgs_direction

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
optimize = pytest.importorskip("scipy.optimize", reason="needs SciPy: goldgrad[cross]")

pytestmark = pytest.mark.cross

# PyTorch keeps the learning rate outside the velocity, which is the same while it is constant.
RULES: list[tuple[str, dict[str, float], Callable[..., Any]]] = [
    ("sgd", {"learning_rate": 0.1}, lambda p: torch.optim.SGD(p, lr=0.1)),
    (
        "sgd_momentum",
        {"learning_rate": 0.1, "momentum": 0.8},
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8),
    ),
    (
        "nesterov_momentum",
        {"learning_rate": 0.1, "momentum": 0.8},
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True),
    ),
    (
        "alexnet_update",
        {"learning_rate": 0.1},
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.0005),
    ),
    ("adagrad", {"learning_rate": 0.1}, lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-8)),
    ("rmsprop", {"learning_rate": 0.1}, lambda p: torch.optim.RMSprop(p, lr=0.1)),
    (
        "rmsprop",
        {"learning_rate": 0.1, "decay_rate": 0.7, "epsilon": 0.1},
        lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.7, eps=0.1),
    ),
    ("adam", {}, torch.optim.Adam),
    (
        "adam",
        {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.8, "epsilon": 0.1},
        lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.5, 0.8), eps=0.1),
    ),
]


@pytest.mark.parametrize(("name", "config", "make"), RULES)
def test_twenty_steps(name: str, config: dict[str, Any], make: Callable[..., Any]) -> None:
    """From the same weights, with the same gradients."""
    rng = np.random.default_rng(0)
    w = rng.standard_normal((3, 4))
    theirs = torch.nn.Parameter(torch.tensor(w))
    optimizer = make([theirs])
    for _ in range(20):
        dw = rng.standard_normal(w.shape)
        theirs.grad = torch.tensor(dw)
        optimizer.step()
        w, config = getattr(optimizers, name)(w, dw, config)
        np.testing.assert_allclose(w, theirs.detach().numpy(), rtol=1e-9, atol=1e-11)


def test_lbfgs_minimises_rosenbrock_as_scipy_does() -> None:
    """With a backtracking search along its directions, from the same start to the same end."""
    start = np.array([1.3, 0.7, 0.8, 1.9])
    x, grad = start, optimize.rosen_der(start)
    steps: list[np.ndarray] = []
    changes: list[np.ndarray] = []
    for _ in range(100):
        direction = lbfgs_direction(grad, steps[-5:], changes[-5:])
        length = 1.0
        allowed = 1e-4 * direction @ grad
        while optimize.rosen(x + length * direction) > optimize.rosen(x) + length * allowed:
            length /= 2
        s = length * direction
        new = optimize.rosen_der(x + s)
        if (new - grad) @ s > 1e-12:
            steps.append(s)
            changes.append(new - grad)
        x, grad = x + s, new
        if np.abs(grad).max() < 1e-9:
            break
    theirs = optimize.minimize(optimize.rosen, start, jac=optimize.rosen_der, method="L-BFGS-B")
    np.testing.assert_allclose(x, theirs.x, atol=1e-3)
    assert optimize.rosen(x) < 1e-12
