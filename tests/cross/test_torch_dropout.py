"""Dropout, DropConnect and stochastic depth differentiate as PyTorch's autograd does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.layers.dropconnect import dropconnect_backward, dropconnect_forward
from reference.layers.dropout import dropout_backward, dropout_forward
from reference.layers.stochastic_depth import stochastic_depth_backward, stochastic_depth_forward

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")

pytestmark = [pytest.mark.cross, pytest.mark.parametrize("mode", ["train", "test"])]

Array = NDArray[np.float64]
P = 0.6


def _same(
    ours: Sequence[Array], function: Callable, arguments: Sequence[Array], dout: Array
) -> None:
    tensors = [torch.tensor(argument, requires_grad=True) for argument in arguments]
    out = function(*tensors)
    gradients = torch.autograd.grad(out, tensors, torch.as_tensor(dout))
    for our, their in zip(ours, (out.detach(), *gradients), strict=True):
        np.testing.assert_allclose(our, their.numpy(), rtol=1e-12, atol=1e-13)


def _mask(u: Array, mode: str) -> Array:
    """What torch.nn.functional.dropout(p=1 - P) multiplies by, had it drawn u."""
    return torch.as_tensor((u < P) / P if mode == "train" else np.ones_like(u))


def test_dropout(mode: str) -> None:
    """A product with a mask that is constant."""
    rng = np.random.default_rng(0)
    x, dout, u = rng.standard_normal((5, 6)), rng.standard_normal((5, 6)), rng.random((5, 6))
    out, cache = dropout_forward(x, {"p": P, "mode": mode, "u": u})
    _same((out, dropout_backward(dout, cache)), lambda x: x * _mask(u, mode), (x,), dout)


def test_dropout_scales_as_pytorch_s(mode: str) -> None:
    """The factors that occur are those of torch.nn.functional.dropout, whose p is 1 - ours."""
    x = torch.ones(2000, dtype=torch.float64)
    their = torch.nn.functional.dropout(x, 1 - P, training=mode == "train").unique()
    out, _ = dropout_forward(x.numpy(), {"p": P, "mode": mode, "u": np.linspace(0, 1, 2000)})
    np.testing.assert_allclose(np.unique(out), their.numpy())


def test_dropconnect(mode: str) -> None:
    """A linear layer whose weights have the mask."""
    rng = np.random.default_rng(0)
    x, w, b = (rng.standard_normal(shape) for shape in ((5, 6), (6, 4), (4,)))
    dout, u = rng.standard_normal((5, 4)), rng.random((6, 4))
    out, cache = dropconnect_forward(x, w, b, {"p": P, "mode": mode, "u": u})
    _same(
        (out, *dropconnect_backward(dout, cache)),
        lambda x, w, b: torch.nn.functional.linear(x, (w * _mask(u, mode)).T, b),
        (x, w, b),
        dout,
    )


def test_stochastic_depth(mode: str) -> None:
    """A sum in which the branch has a constant weight."""
    rng = np.random.default_rng(0)
    x, branch, dout = rng.standard_normal((3, 5, 2, 3))
    u = rng.random(5)
    weight = torch.as_tensor((u < P) * 1.0 if mode == "train" else np.full(5, P))[:, None, None]
    out, cache = stochastic_depth_forward(x, branch, {"p": P, "mode": mode, "u": u})
    _same(
        (out, *stochastic_depth_backward(dout, cache)),
        lambda x, branch: x + weight * branch,
        (x, branch),
        dout,
    )
