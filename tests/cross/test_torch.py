"""The solution says the same as PyTorch: every layer, loss and net, forward and backward.

Each test writes the same expression twice, in float64, and lets autograd differentiate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.layers.affine import affine_backward, affine_forward
from reference.layers.avg_pool import avg_pool_backward, avg_pool_forward
from reference.layers.conv import conv_backward, conv_forward
from reference.layers.max_pool import max_pool_backward, max_pool_forward
from reference.layers.relu import relu_backward, relu_forward
from reference.losses import softmax_loss
from reference.two_layer_net import forward, init_params, loss

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
F = torch.nn.functional

pytestmark = pytest.mark.cross

Array = NDArray[np.float64]


def _autograd(
    function: Callable, arguments: Sequence[Array], dout: Array | float = 1.0
) -> tuple[Array, list[Array]]:
    """The value of a function of tensors, and its gradients for the upstream gradient dout."""
    tensors = [torch.tensor(argument, requires_grad=True) for argument in arguments]
    out = function(*tensors)
    gradients = torch.autograd.grad(out, tensors, torch.as_tensor(dout, dtype=out.dtype))
    return out.detach().numpy(), [gradient.numpy() for gradient in gradients]


def _assert_same(ours: Sequence[Array], theirs: Sequence[Array]) -> None:
    for our, their in zip(ours, theirs, strict=True):
        assert our.dtype == their.dtype == np.float64
        np.testing.assert_allclose(our, their, rtol=1e-9, atol=1e-11)


def test_affine() -> None:
    """Weighted sums plus biases, on flattened samples."""
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((5, 2, 3)), rng.standard_normal((6, 4)), rng.standard_normal(4)
    dout = rng.standard_normal((5, 4))
    out, cache = affine_forward(x, w, b)
    their, gradients = _autograd(lambda x, w, b: x.flatten(1) @ w + b, (x, w, b), dout)
    _assert_same((out, *affine_backward(dout, cache)), (their, *gradients))


def test_relu() -> None:
    """The same subgradient at the kink too."""
    x = np.array([[-1.5, 0.0, 2.0], [0.5, -0.0, -3.0]])
    dout = np.arange(1.0, 7.0).reshape(2, 3)
    out, cache = relu_forward(x)
    their, gradients = _autograd(F.relu, (x,), dout)
    _assert_same((out, relu_backward(dout, cache)), (their, *gradients))


@pytest.mark.parametrize(
    ("x_shape", "w_shape", "stride", "pad"),
    [
        ((2, 3, 7, 9), (4, 3, 3, 3), 2, 1),
        ((2, 3, 7, 9), (4, 3, 3, 3), 1, 0),
        ((1, 1, 5, 5), (1, 1, 1, 1), 1, 0),
        ((3, 2, 6, 5), (5, 2, 2, 3), 1, 2),
        ((1, 4, 11, 8), (2, 4, 5, 2), 3, 0),
        ((2, 3, 32, 32), (6, 3, 5, 5), 1, 2),
    ],
)
def test_conv(x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: int, pad: int) -> None:
    """Strides, padding, non-square images and filters."""
    rng = np.random.default_rng(0)
    x, w, b = (rng.standard_normal(shape) for shape in (x_shape, w_shape, w_shape[:1]))
    out, cache = conv_forward(x, w, b, {"stride": stride, "pad": pad})
    dout = rng.standard_normal(out.shape)
    their, gradients = _autograd(
        lambda x, w, b: F.conv2d(x, w, b, stride=stride, padding=pad), (x, w, b), dout
    )
    _assert_same((out, *conv_backward(dout, cache)), (their, *gradients))


POOLS = [((2, 3, 7, 9), (3, 3), 2), ((2, 3, 6, 8), (2, 2), 2), ((1, 2, 5, 7), (2, 4), 1)]


@pytest.mark.parametrize(("shape", "window", "stride"), POOLS)
@pytest.mark.parametrize("ties", [False, True], ids=["no ties", "ties"])
def test_max_pool(
    shape: tuple[int, ...], window: tuple[int, int], stride: int, *, ties: bool
) -> None:
    """Overlapping and separate windows; on a tie PyTorch takes the first pixel as well."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, shape).astype(float) if ties else rng.standard_normal(shape)
    pool_param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    out, cache = max_pool_forward(x, pool_param)
    dout = rng.standard_normal(out.shape)
    their, gradients = _autograd(lambda x: F.max_pool2d(x, window, stride), (x,), dout)
    _assert_same((out, max_pool_backward(dout, cache)), (their, *gradients))


@pytest.mark.parametrize(("shape", "window", "stride"), POOLS)
def test_avg_pool(shape: tuple[int, ...], window: tuple[int, int], stride: int) -> None:
    """Overlapping and separate windows."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    pool_param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    out, cache = avg_pool_forward(x, pool_param)
    dout = rng.standard_normal(out.shape)
    their, gradients = _autograd(lambda x: F.avg_pool2d(x, window, stride), (x,), dout)
    _assert_same((out, avg_pool_backward(dout, cache)), (their, *gradients))


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_softmax_loss(scale: float) -> None:
    """Small scores and scores near ±1000."""
    rng = np.random.default_rng(0)
    x, y = scale * rng.standard_normal((6, 4)), rng.integers(0, 4, 6)
    value, dx = softmax_loss(x, y)
    their, gradients = _autograd(lambda x: F.cross_entropy(x, torch.as_tensor(y)), (x,))
    _assert_same((np.array(value), dx), (their, *gradients))


@pytest.mark.parametrize("N", [1, 40])
@pytest.mark.parametrize("reg", [0.0, 0.1])
def test_two_layer_net(N: int, reg: float) -> None:
    """Scores, loss with its L2 term, and all four gradients."""
    rng = np.random.default_rng(0)
    params = init_params(8, 16, 4, seed=1, weight_scale=1.0)
    params["b1"] += rng.standard_normal(16)
    X, y = rng.random((N, 8)), rng.integers(0, 4, N)

    def scores(W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
        return torch.relu(torch.as_tensor(X) @ W1 + b1) @ W2 + b2

    def whole_loss(W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
        data_loss = F.cross_entropy(scores(W1, b1, W2, b2), torch.as_tensor(y))
        return data_loss + reg * ((W1**2).sum() + (W2**2).sum())

    names = ("W1", "b1", "W2", "b2")
    arguments = [params[name] for name in names]
    _assert_same([forward(params, X)], [scores(*map(torch.as_tensor, arguments)).numpy()])
    value, grads = loss(params, X, y, reg)
    their, gradients = _autograd(whole_loss, arguments)
    _assert_same((np.array(value), *(grads[name] for name in names)), (their, *gradients))
