"""Affine layer, activations, losses and penalties say the same as PyTorch, forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from reference.layers.elu import elu_backward, elu_forward
from reference.layers.leaky_relu import leaky_relu_backward, leaky_relu_forward
from reference.layers.maxout import maxout_backward, maxout_forward
from reference.layers.prelu import prelu_backward, prelu_forward
from reference.layers.sigmoid import sigmoid_backward, sigmoid_forward
from reference.layers.tanh import tanh_backward, tanh_forward
from reference.losses import elastic_net, l1_penalty, l2_penalty, svm_loss

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
        assert their.dtype == np.float64
        np.testing.assert_allclose(our, their, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    ("forward", "backward", "parameter", "theirs"),
    [
        (leaky_relu_forward, leaky_relu_backward, 0.1, lambda x: F.leaky_relu(x, 0.1)),
        (leaky_relu_forward, leaky_relu_backward, 0.4, lambda x: F.leaky_relu(x, 0.4)),
        (elu_forward, elu_backward, 1.0, F.elu),
        (elu_forward, elu_backward, 0.3, lambda x: F.elu(x, 0.3)),
        (sigmoid_forward, sigmoid_backward, None, torch.sigmoid),
        (tanh_forward, tanh_backward, None, torch.tanh),
    ],
    ids=["leaky", "leaky 0.4", "elu", "elu 0.3", "sigmoid", "tanh"],
)
@pytest.mark.parametrize("scale", [2, 1000])
def test_elementwise(forward, backward, parameter, theirs, scale: float) -> None:
    """Ordinary inputs and huge ones."""
    rng = np.random.default_rng(0)
    x, dout = scale * rng.standard_normal((5, 3, 4)), rng.standard_normal((5, 3, 4))
    out, cache = forward(x) if parameter is None else forward(x, parameter)
    their, gradients = _autograd(theirs, (x,), dout)
    _assert_same((out, backward(dout, cache)), (their, *gradients))


@pytest.mark.parametrize("shape", [(5, 3), (2, 3, 4, 5)])
def test_prelu(shape: tuple[int, ...]) -> None:
    """A slope a channel, also negative and above 1."""
    rng = np.random.default_rng(0)
    x, dout = rng.standard_normal(shape), rng.standard_normal(shape)
    alpha = np.array([0.25, -0.5, 1.5])
    out, cache = prelu_forward(x, alpha)
    their, gradients = _autograd(F.prelu, (x, alpha), dout)
    _assert_same((out, *prelu_backward(dout, cache)), (their, *gradients))


def test_maxout() -> None:
    """The largest of three affine maps."""
    rng = np.random.default_rng(0)
    x, w, b = (
        rng.standard_normal((5, 4)),
        rng.standard_normal((3, 4, 2)),
        rng.standard_normal((3, 2)),
    )
    dout = rng.standard_normal((5, 2))
    out, cache = maxout_forward(x, w, b)
    their, gradients = _autograd(
        lambda x, w, b: (x @ w + b[:, None]).max(dim=0).values, (x, w, b), dout
    )
    _assert_same((out, *maxout_backward(dout, cache)), (their, *gradients))


def test_svm_loss() -> None:
    """PyTorch divides by the number of classes, too; the course does not."""
    rng = np.random.default_rng(0)
    x, y = 2 * rng.standard_normal((7, 4)), rng.integers(0, 4, 7)
    value, dx = svm_loss(x, y)
    their, gradients = _autograd(lambda x: 4 * F.multi_margin_loss(x, torch.as_tensor(y)), (x,))
    _assert_same((np.array(value), dx), (their, *gradients))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda w: l2_penalty(w, 0.3), lambda w: 0.3 * (w**2).sum()),
        (lambda w: l1_penalty(w, 0.3), lambda w: 0.3 * w.abs().sum()),
        (lambda w: elastic_net(w, 0.3, 2.0), lambda w: 0.3 * (2 * w**2 + w.abs()).sum()),
    ],
    ids=["l2", "l1", "elastic net"],
)
def test_penalties(ours, theirs) -> None:
    """Values and gradients, a weight of 0 among them."""
    w = np.random.default_rng(0).standard_normal((3, 4))
    w[0, 0] = 0
    value, dw = ours(w)
    their, gradients = _autograd(theirs, (w,))
    _assert_same((np.array(value), dw), (their, *gradients))
