"""The homework's classifier: affine, ReLU, affine, softmax.

    X (N, D) -> h = max(0, X W1 + b1) (N, H) -> scores = h W2 + b2 (N, C)

Parameters are a dictionary W1 (D, H), b1 (H,), W2 (H, C), b2 (C,).

Source: course lecture "Backpropagation", homework 3.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels, Params
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.relu import relu_backward, relu_forward
from reference.losses import l2_penalty, softmax_loss


def init_params(
    input_size: int, hidden_size: int, num_classes: int, seed: int = 0, weight_scale: float = 0.1
) -> Params:
    """Small Gaussian weights, zero biases: the first scores are small, the first loss near ln C.

    Args:
        input_size: D
        hidden_size: H
        num_classes: C
        seed: the same seed gives the same parameters
        weight_scale: standard deviation of the weights

    Returns:
        params: float64 arrays W1 (D, H), b1 (H,), W2 (H, C), b2 (C,)
    """
    rng = np.random.default_rng(seed)
    return {
        "W1": weight_scale * rng.standard_normal((input_size, hidden_size)),
        "b1": np.zeros(hidden_size),
        "W2": weight_scale * rng.standard_normal((hidden_size, num_classes)),
        "b2": np.zeros(num_classes),
    }


def forward(params: Params, X: Array) -> Array:
    """Scores = max(0, X W1 + b1) W2 + b2.

    Args:
        params: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,)
        X: (N, D)

    Returns:
        scores: (N, C)
    """
    hidden, _ = affine_forward(X, params["W1"], params["b1"])
    active, _ = relu_forward(hidden)
    scores, _ = affine_forward(active, params["W2"], params["b2"])
    return scores


def loss(params: Params, X: Array, y: Labels, reg: float = 0.0) -> tuple[float, Params]:
    """Mean softmax cross-entropy + reg (Σ W1² + Σ W2²), and its gradient.

    Args:
        params: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,)
        X: (N, D)
        y: (N,), labels 0..C-1
        reg: strength of the L2 penalty; biases are not penalised

    Returns:
        loss: a number, in nats
        grads: for each parameter, the gradient under the same name and of the same shape
    """
    hidden, affine1 = affine_forward(X, params["W1"], params["b1"])
    active, relu = relu_forward(hidden)
    scores, affine2 = affine_forward(active, params["W2"], params["b2"])
    data_loss, dscores = softmax_loss(scores, y)

    dactive, dW2, db2 = affine_backward(dscores, affine2)
    dhidden = relu_backward(dactive, relu)
    _, dW1, db1 = affine_backward(dhidden, affine1)

    penalty1, dpenalty1 = l2_penalty(params["W1"], reg)
    penalty2, dpenalty2 = l2_penalty(params["W2"], reg)
    grads = {"W1": dW1 + dpenalty1, "b1": db1, "W2": dW2 + dpenalty2, "b2": db2}
    return data_loss + penalty1 + penalty2, grads


def predict(params: Params, X: Array) -> Labels:
    """The class with the largest score; the first of them on a tie.

    Args:
        params: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,)
        X: (N, D)

    Returns:
        labels: (N,), 0..C-1
    """
    labels: Labels = forward(params, X).argmax(axis=1)
    return labels
