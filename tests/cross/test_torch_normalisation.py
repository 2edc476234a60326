"""The normalisations say the same as PyTorch's, forward and backward, in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.layers.batch_norm import (
    batchnorm_backward,
    batchnorm_backward_alt,
    batchnorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)
from reference.layers.group_norm import spatial_groupnorm_backward, spatial_groupnorm_forward
from reference.layers.layer_norm import layernorm_backward, layernorm_forward
from reference.layers.local_response_norm import lrn_backward, lrn_forward

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
F = torch.nn.functional

pytestmark = pytest.mark.cross

Array = NDArray[np.float64]


def _same(
    ours: Sequence[Array], function: Callable, arguments: Sequence[Array], dout: Array
) -> None:
    tensors = [torch.tensor(argument, requires_grad=True) for argument in arguments]
    out = function(*tensors)
    gradients = torch.autograd.grad(out, tensors, torch.as_tensor(dout))
    for our, their in zip(ours, (out.detach(), *gradients), strict=True):
        np.testing.assert_allclose(our, their.numpy(), rtol=1e-9, atol=1e-10)


def _drawn(shape: tuple[int, ...], scale: float) -> tuple[Array, Array, Array, Array]:
    """x, gamma, beta and dout."""
    rng = np.random.default_rng(0)
    x = scale * (rng.standard_normal(shape) + 2)
    gamma, beta = rng.standard_normal((2, shape[1]))
    return x, gamma, beta, rng.standard_normal(shape)


@pytest.mark.parametrize("scale", [1.0, 0.01])
@pytest.mark.parametrize("backward", [batchnorm_backward, batchnorm_backward_alt])
def test_batch_norm(backward: Callable, scale: float) -> None:
    """Training mode, also where eps matters."""
    x, gamma, beta, dout = _drawn((7, 4), scale)
    out, cache = batchnorm_forward(x, gamma, beta, {"mode": "train"})
    _same(
        (out, *backward(dout, cache)),
        lambda x, g, b: F.batch_norm(x, None, None, g, b, training=True),
        (x, gamma, beta),
        dout,
    )


def test_batch_norm_of_images() -> None:
    """Training mode with running statistics (PyTorch's variance is unbiased), then test mode."""
    x, gamma, beta, dout = _drawn((2, 3, 4, 5), 1.0)
    param = {"mode": "train", "momentum": 0.7}
    out, cache = spatial_batchnorm_forward(x, gamma, beta, param)
    mean, var = torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    _same(
        (out, *spatial_batchnorm_backward(dout, cache)),
        lambda x, g, b: F.batch_norm(x, mean, var, g, b, training=True, momentum=0.3),
        (x, gamma, beta),
        dout,
    )
    np.testing.assert_allclose(param["running_mean"], mean.numpy())
    np.testing.assert_allclose(param["running_var"], var.numpy() * (1 - 1 / 40))
    tested, _ = spatial_batchnorm_forward(x, gamma, beta, {**param, "mode": "test"})
    running = (torch.tensor(param[f"running_{name}"]) for name in ("mean", "var"))
    their = F.batch_norm(torch.tensor(x), *running, torch.tensor(gamma), torch.tensor(beta))
    np.testing.assert_allclose(tested, their.numpy())


@pytest.mark.parametrize("scale", [1.0, 0.01])
def test_layer_norm(scale: float) -> None:
    """Statistics of each sample."""
    x, gamma, beta, dout = _drawn((5, 7), scale)
    out, cache = layernorm_forward(x, gamma, beta, {})
    _same(
        (out, *layernorm_backward(dout, cache)),
        lambda x, g, b: F.layer_norm(x, (7,), g, b),
        (x, gamma, beta),
        dout,
    )


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_group_norm(groups: int) -> None:
    """All numbers of groups of six channels, from layer to instance normalisation."""
    x, gamma, beta, dout = _drawn((3, 6, 4, 5), 0.1)
    out, cache = spatial_groupnorm_forward(x, gamma, beta, groups, {})
    _same(
        (out, *spatial_groupnorm_backward(dout, cache)),
        lambda x, g, b: F.group_norm(x, groups, g, b),
        (x, gamma, beta),
        dout,
    )


@pytest.mark.parametrize(("channels", "n"), [(7, 5), (4, 3), (2, 5), (3, 1)])
def test_local_response_norm(channels: int, n: int) -> None:
    """PyTorch divides alpha by n."""
    x, _, _, dout = _drawn((2, channels, 3, 4), 1.0)
    out, cache = lrn_forward(x, {"k": 2.0, "n": n, "alpha": 0.1, "beta": 0.75})
    _same(
        (out, lrn_backward(dout, cache)),
        lambda x: F.local_response_norm(x, n, alpha=0.1 * n, beta=0.75, k=2.0),
        (x,),
        dout,
    )
