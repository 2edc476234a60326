"""The linear losses and the small convolutional net say the same as PyTorch and autograd."""

from __future__ import annotations

import numpy as np
import pytest

from reference.classifiers.convnet import convnet_loss, convnet_scores
from reference.classifiers.linear import linear_softmax_loss, linear_svm_loss

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
F = torch.nn.functional

pytestmark = pytest.mark.cross


@pytest.mark.parametrize("reg", [0.0, 0.3])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (linear_softmax_loss, F.cross_entropy),
        (linear_svm_loss, lambda s, y: s.shape[1] * F.multi_margin_loss(s, y)),
    ],
)
def test_linear_losses(ours, theirs, reg) -> None:
    """Mean over samples plus reg Σ W²; their hinge loss is divided by the number of classes."""
    rng = np.random.default_rng(0)
    W, X, y = rng.standard_normal((5, 4)), rng.standard_normal((9, 5)), rng.integers(0, 4, 9)
    tensor = torch.tensor(W, requires_grad=True)
    value = theirs(torch.tensor(X) @ tensor, torch.tensor(y)) + reg * (tensor**2).sum()
    value.backward()
    loss, dW = ours(W, X, y, reg)
    assert loss == pytest.approx(value.item(), rel=1e-12)
    np.testing.assert_allclose(dW, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("C", "F_", "HH", "H", "W"), [(2, 3, 3, 4, 6), (1, 4, 5, 8, 4)])
def test_small_convnet(C, F_, HH, H, W) -> None:
    """Scores, loss and all gradients."""
    rng = np.random.default_rng(1)
    params = {
        "W1": rng.standard_normal((F_, C, HH, HH)),
        "b1": rng.standard_normal(F_),
        "W2": rng.standard_normal((F_ * H * W // 4, 3)),
        "b2": rng.standard_normal(3),
    }
    X, y = rng.standard_normal((5, C, H, W)), rng.integers(0, 3, 5)
    t = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    hidden = F.relu(F.conv2d(torch.tensor(X), t["W1"], t["b1"], padding=(HH - 1) // 2))
    scores = F.max_pool2d(hidden, 2).flatten(1) @ t["W2"] + t["b2"]
    penalty = 0.1 * ((t["W1"] ** 2).sum() + (t["W2"] ** 2).sum())
    value = F.cross_entropy(scores, torch.tensor(y)) + penalty
    value.backward()

    np.testing.assert_allclose(convnet_scores(params, X), scores.detach().numpy(), rtol=1e-10)
    loss, grads = convnet_loss(params, X, y, 0.1)
    assert loss == pytest.approx(value.item(), rel=1e-12)
    for name, gradient in grads.items():
        np.testing.assert_allclose(gradient, t[name].grad.numpy(), rtol=1e-9, atol=1e-11)
