"""CS231n's nets of several layers say the same as PyTorch and autograd."""

from __future__ import annotations

import numpy as np
import pytest

from reference.classifiers.fully_connected import FullyConnectedNet
from reference.classifiers.three_layer_convnet import ThreeLayerConvNet

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
F = torch.nn.functional

pytestmark = pytest.mark.cross

_REG = 0.3


def _move(net, rng) -> None:
    """Biases, scales and shifts away from zeros and ones."""
    for name, value in net.params.items():
        net.params[name] = value + 0.3 * rng.standard_normal(value.shape)


def _tensors(net) -> dict:
    return {name: torch.tensor(value, requires_grad=True) for name, value in net.params.items()}


def _compare(net, X, y, t, scores) -> None:
    """Loss and all gradients; half of reg times the sum of squares of the weights alone."""
    squares = sum((value**2).sum() for name, value in t.items() if name.startswith("W"))
    value = F.cross_entropy(scores, torch.tensor(y)) + _REG / 2 * squares
    value.backward()
    loss, grads = net.loss(X, y)
    assert loss == pytest.approx(value.item(), rel=1e-12)
    assert grads.keys() == t.keys()
    for name, gradient in grads.items():
        np.testing.assert_allclose(gradient, t[name].grad.numpy(), rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("hidden", [(6,), (6, 5), (6, 5, 7)])
@pytest.mark.parametrize("normalization", [None, "batchnorm"])
def test_fully_connected(hidden, normalization) -> None:
    """Of any depth, with batch norm and without; in test mode it takes the running averages."""
    rng = np.random.default_rng(0)
    net = FullyConnectedNet(hidden, 12, 4, normalization, _REG, weight_scale=0.5)
    _move(net, rng)
    X, y = rng.standard_normal((9, 3, 2, 2)), rng.integers(0, 4, 9)
    other = rng.standard_normal((5, 3, 2, 2))
    t = _tensors(net)
    running = [(torch.zeros(n).double(), torch.zeros(n).double()) for n in hidden]

    def scores(images, training):
        h = torch.tensor(images).flatten(1)
        for i, (mean, var) in enumerate(running, 1):
            h = h @ t[f"W{i}"] + t[f"b{i}"]
            if normalization:
                if training:  # PyTorch's own running variance is divided by N - 1
                    mean.add_(0.1 * h.detach().mean(0))
                    var.add_(0.1 * h.detach().var(0, unbiased=False))
                stored = (None, None) if training else (mean, var)
                h = F.batch_norm(h, *stored, t[f"gamma{i}"], t[f"beta{i}"], training, eps=1e-5)
            h = F.relu(h)
        return h @ t[f"W{len(hidden) + 1}"] + t[f"b{len(hidden) + 1}"]

    _compare(net, X, y, t, scores(X, training=True))
    np.testing.assert_allclose(
        net.loss(other), scores(other, training=False).detach().numpy(), rtol=1e-9
    )


@pytest.mark.parametrize(("C", "filters", "size", "H", "W"), [(2, 3, 3, 4, 6), (1, 4, 5, 8, 4)])
def test_three_layer_convnet(C, filters, size, H, W) -> None:
    """Scores, loss and all gradients."""
    rng = np.random.default_rng(1)
    net = ThreeLayerConvNet((C, H, W), filters, size, 7, 3, 0.5, _REG)
    _move(net, rng)
    X, y = rng.standard_normal((5, C, H, W)), rng.integers(0, 3, 5)
    t = _tensors(net)
    hidden = F.relu(F.conv2d(torch.tensor(X), t["W1"], t["b1"], padding=(size - 1) // 2))
    hidden = F.relu(F.max_pool2d(hidden, 2).flatten(1) @ t["W2"] + t["b2"])
    scores = hidden @ t["W3"] + t["b3"]
    np.testing.assert_allclose(net.loss(X), scores.detach().numpy(), rtol=1e-10)
    _compare(net, X, y, t, scores)
