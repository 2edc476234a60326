"""Schedules and initialisers say the same as torch.optim.lr_scheduler and torch.nn.init."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference.initialisers import he_init, xavier_init
from reference.schedules import (
    cosine_decay,
    googlenet_decay,
    inverse_sqrt_decay,
    linear_decay,
    linear_warmup,
    plateau_decay,
    step_decay,
)

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")

pytestmark = pytest.mark.cross

_RATE = 0.3
_TIMES = range(30)
schedules: Any = torch.optim.lr_scheduler


def _optimizer() -> Any:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=_RATE)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda t: step_decay(_RATE, t, 0.7, 4), lambda o: schedules.StepLR(o, 4, gamma=0.7)),
        (lambda t: googlenet_decay(_RATE, t), lambda o: schedules.StepLR(o, 8, gamma=0.96)),
        (lambda t: cosine_decay(_RATE, t, 30), lambda o: schedules.CosineAnnealingLR(o, 30)),
        (lambda t: linear_decay(_RATE, t, 30), lambda o: schedules.PolynomialLR(o, 30)),
        # PyTorch warms up from a share above 0, so its first step is our step 1.
        (
            lambda t: linear_warmup(_RATE, t + 1, 6),
            lambda o: schedules.LinearLR(o, start_factor=1 / 6, total_iters=5),
        ),
        # PyTorch has no inverse square root; its LambdaLR is given the formula.
        (
            lambda t: inverse_sqrt_decay(_RATE, t + 1),
            lambda o: schedules.LambdaLR(o, lambda t: (t + 1) ** -0.5),
        ),
    ],
    ids=["step", "googlenet", "cosine", "linear", "warm-up", "inverse root"],
)
def test_thirty_epochs(ours: Callable[[int], float], theirs: Callable[[Any], Any]) -> None:
    """The rate of every epoch."""
    optimizer = _optimizer()
    scheduler = theirs(optimizer)
    for t in _TIMES:
        (group,) = optimizer.param_groups
        assert ours(t) == pytest.approx(group["lr"], rel=1e-9, abs=1e-12), t
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_plateau(patience: int) -> None:
    """PyTorch's patience is what it lets pass, ours what it waits for: one more."""
    losses = np.round(np.random.default_rng(0).standard_normal(40).cumsum())  # with ties
    optimizer = _optimizer()
    scheduler = schedules.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=patience - 1, threshold=0, eps=0
    )
    for number, loss in enumerate(losses, start=1):
        scheduler.step(loss)
        (group,) = optimizer.param_groups
        assert plateau_decay(_RATE, losses[:number], 0.5, patience) == pytest.approx(group["lr"])


@pytest.mark.parametrize("shape", [(30, 20), (40, 6, 3, 5)])
def test_initialisers(shape: tuple[int, ...]) -> None:
    """Fans and gains of torch.nn.init; its affine weights lie the other way round."""
    laid_out = shape[::-1] if len(shape) == 2 else shape
    inputs, _ = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(laid_out))
    z = np.ones(shape)
    gain = torch.nn.init.calculate_gain("relu")
    np.testing.assert_allclose(he_init(z), gain / np.sqrt(inputs))
    np.testing.assert_allclose(xavier_init(z), 1 / np.sqrt(inputs))
