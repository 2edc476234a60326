"""Residual blocks and the inception module say the same as PyTorch, forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.layers.inception import inception_backward, inception_forward
from reference.layers.residual import (
    residual_backward,
    residual_forward,
    residual_projection_backward,
    residual_projection_forward,
)

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
F = torch.nn.functional

pytestmark = pytest.mark.cross

Array = NDArray[np.float64]


def _assert_same(
    layer: tuple[Callable, Callable],
    x_shape: tuple[int, ...],
    shapes: Mapping[str, tuple[int, ...]],
    theirs: Callable,
    *settings: int,
) -> None:
    """The block's output, and its gradients for a random upstream gradient, are autograd's."""
    rng = np.random.default_rng(0)
    forward, backward = layer
    x = rng.standard_normal(x_shape)
    params = {name: 0.5 * rng.standard_normal(shape) for name, shape in shapes.items()}
    out, cache = forward(x, params, *settings)
    dout = rng.standard_normal(out.shape)
    dx, grads = backward(dout, cache)
    assert grads.keys() == params.keys()

    tensors = [torch.tensor(array, requires_grad=True) for array in (x, *params.values())]
    their = theirs(tensors[0], dict(zip(params, tensors[1:], strict=True)))
    gradients = torch.autograd.grad(their, tensors, torch.as_tensor(dout))
    ours = (out, dx, *(grads[name] for name in params))
    for our, expected in zip(ours, (their.detach(), *gradients), strict=True):
        assert our.dtype == np.float64
        np.testing.assert_allclose(our, expected.numpy(), rtol=1e-9, atol=1e-10)


def _shapes(**weights: tuple[int, int, int]) -> dict[str, tuple[int, ...]]:
    """(filters, channels, window) of each convolution; its bias has a value a filter."""
    shapes: dict[str, tuple[int, ...]] = {}
    for name, (filters, channels, size) in weights.items():
        shapes[f"W{name}"] = (filters, channels, size, size)
        shapes[f"b{name}"] = (filters,)
    return shapes


def _conv(x: Any, p: Mapping[str, Any], name: str, stride: int = 1) -> Any:
    padding = p[f"W{name}"].shape[2] // 2
    return F.conv2d(x, p[f"W{name}"], p[f"b{name}"], stride=stride, padding=padding)


@pytest.mark.parametrize("x_shape", [(2, 3, 4, 5), (1, 3, 6, 2)])
def test_residual(x_shape: tuple[int, ...]) -> None:
    """Two convolutions, the input, and a ReLU over their sum."""
    _assert_same(
        (residual_forward, residual_backward),
        x_shape,
        _shapes(**{"1": (4, 3, 3), "2": (3, 4, 3)}),
        lambda x, p: F.relu(_conv(F.relu(_conv(x, p, "1")), p, "2") + x),
    )


@pytest.mark.parametrize(("x_shape", "stride"), [((2, 3, 5, 7), 2), ((1, 3, 4, 6), 1)])
def test_residual_with_projection(x_shape: tuple[int, ...], stride: int) -> None:
    """The shortcut is a convolution of 1 by 1 with the same stride."""
    _assert_same(
        (residual_projection_forward, residual_projection_backward),
        x_shape,
        _shapes(**{"1": (4, 3, 3), "2": (4, 4, 3), "p": (4, 3, 1)}),
        lambda x, p: F.relu(
            _conv(F.relu(_conv(x, p, "1", stride)), p, "2") + _conv(x, p, "p", stride)
        ),
        stride,
    )


@pytest.mark.parametrize("x_shape", [(2, 3, 6, 5), (1, 3, 1, 2)])
def test_inception(x_shape: tuple[int, ...]) -> None:
    """Four branches; max_pool2d pads with -inf."""

    def theirs(x: Any, p: Mapping[str, Any]) -> Any:
        def conv(given: Any, name: str) -> Any:
            return F.relu(_conv(given, p, name))

        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
        branches = [
            conv(x, "1"),
            conv(conv(x, "3r"), "3"),
            conv(conv(x, "5r"), "5"),
            conv(pooled, "p"),
        ]
        return torch.cat(branches, dim=1)

    weights = {
        "1": (2, 3, 1),
        "3r": (4, 3, 1),
        "3": (5, 4, 3),
        "5r": (2, 3, 1),
        "5": (3, 2, 5),
        "p": (1, 3, 1),
    }
    _assert_same((inception_forward, inception_backward), x_shape, _shapes(**weights), theirs)
