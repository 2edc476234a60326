"""The kinds of convolution say the same as PyTorch, forward and backward, in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.layers.conv_same import conv_same_backward, conv_same_forward
from reference.layers.depthwise import depthwise_backward, depthwise_forward
from reference.layers.pointwise import pointwise_backward, pointwise_forward
from reference.layers.separable import separable_backward, separable_forward

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
F = torch.nn.functional

pytestmark = pytest.mark.cross

Array = NDArray[np.float64]


def _assert_same(
    layer: tuple[Callable, Callable],
    arguments: Sequence[Array],
    settings: Sequence[dict[str, int]],
    theirs: Callable,
) -> None:
    """The layer's output, and its gradients for a random upstream gradient, are autograd's."""
    forward, backward = layer
    out, cache = forward(*arguments, *settings)
    dout = np.random.default_rng(1).standard_normal(out.shape)
    tensors = [torch.tensor(argument, requires_grad=True) for argument in arguments]
    their = theirs(*tensors)
    gradients = torch.autograd.grad(their, tensors, torch.as_tensor(dout))
    ours = (out, *backward(dout, cache))
    for our, expected in zip(ours, (their.detach(), *gradients), strict=True):
        assert our.dtype == np.float64
        np.testing.assert_allclose(our, expected.numpy(), rtol=1e-9, atol=1e-11)


def _random(*shapes: tuple[int, ...]) -> list[Array]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape) for shape in shapes]


@pytest.mark.parametrize(
    ("x_shape", "w_shape", "stride", "sides"),
    [
        ((2, 3, 5, 6), (4, 3, 4, 2), 1, (1, 0, 2, 1)),
        ((1, 4, 4, 5), (3, 4, 3, 5), 1, (2, 2, 1, 1)),
        ((3, 2, 6, 9), (4, 2, 3, 3), 2, (1, 1, 1, 0)),
        ((2, 3, 7, 8), (2, 3, 4, 3), 3, (1, 0, 2, 1)),
        ((2, 3, 6, 9), (4, 3, 1, 2), 3, (0, 0, 0, 0)),
    ],
)
def test_same_padding(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: int, sides: tuple[int, ...]
) -> None:
    """F.pad with these zeros (left, right, top, bottom), and an ordinary convolution."""
    _assert_same(
        (conv_same_forward, conv_same_backward),
        _random(x_shape, w_shape, w_shape[:1]),
        [{"stride": stride}],
        lambda x, w, b: F.conv2d(F.pad(x, sides), w, b, stride=stride),
    )


@pytest.mark.filterwarnings("ignore:Using padding='same'")  # it copies the input: slow, not wrong
@pytest.mark.parametrize("size", [3, 4])
def test_same_padding_mirrored(size: int) -> None:
    """PyTorch's "same" is ours turned by 180 degrees: its one more row is at the bottom."""
    x, w, b = _random((2, 3, 6, 5), (4, 3, size, size), (4,))
    ours, _ = conv_same_forward(x, w, b, {"stride": 1})
    turned = torch.tensor(x[..., ::-1, ::-1].copy()), torch.tensor(w[..., ::-1, ::-1].copy())
    theirs = F.conv2d(*turned, torch.tensor(b), padding="same").numpy()
    np.testing.assert_allclose(ours, theirs[..., ::-1, ::-1], rtol=1e-9, atol=1e-11)


GEOMETRIES = [
    ((2, 3, 7, 9), (3, 3), 2, 1),
    ((1, 4, 5, 6), (3, 2), 1, 2),
    ((3, 2, 6, 8), (2, 3), 1, 0),
    ((2, 3, 5, 8), (2, 2), 3, 0),
]


@pytest.mark.parametrize(("x_shape", "window", "stride", "pad"), GEOMETRIES)
def test_depthwise(
    x_shape: tuple[int, ...], window: tuple[int, int], stride: int, pad: int
) -> None:
    """A convolution with as many groups as channels."""
    C = x_shape[1]
    _assert_same(
        (depthwise_forward, depthwise_backward),
        _random(x_shape, (C, *window), (C,)),
        [{"stride": stride, "pad": pad}],
        lambda x, w, b: F.conv2d(x, w[:, None], b, stride=stride, padding=pad, groups=C),
    )


@pytest.mark.parametrize("x_shape", [(2, 5, 3, 4), (1, 2, 4, 5), (3, 1, 1, 1)])
def test_pointwise(x_shape: tuple[int, ...]) -> None:
    """A convolution with filters of 1 by 1."""
    _assert_same(
        (pointwise_forward, pointwise_backward),
        _random(x_shape, (6, x_shape[1]), (6,)),
        [],
        lambda x, w, b: F.conv2d(x, w[:, :, None, None], b),
    )


@pytest.mark.parametrize(("x_shape", "window", "stride", "pad"), GEOMETRIES)
def test_separable(
    x_shape: tuple[int, ...], window: tuple[int, int], stride: int, pad: int
) -> None:
    """A grouped convolution, then one with filters of 1 by 1."""
    C = x_shape[1]

    def theirs(x: Array, w_depth: Array, w_point: Array, b: Array) -> Array:
        middle = F.conv2d(x, w_depth[:, None], stride=stride, padding=pad, groups=C)
        return F.conv2d(middle, w_point[:, :, None, None], b)

    _assert_same(
        (separable_forward, separable_backward),
        _random(x_shape, (C, *window), (5, C), (5,)),
        [{"stride": stride, "pad": pad}],
        theirs,
    )
