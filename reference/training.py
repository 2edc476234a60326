"""Training the two-layer net: minibatch gradient descent with a cosine schedule."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array, Labels, Params
from reference.two_layer_net import init_params, loss

CLASSES = 4  # not y.max() + 1: a few samples may lack the last class

# The first line that reference.hyperparameter_search prints.
HYPERPARAMETERS: dict[str, float] = {
    "hidden_size": 8,
    "batch_size": 20,
    "learning_rate": 0.3,
    "reg": 5e-5,
    "epochs": 300,
}


def train(
    X: Array, y: Labels, hyperparameters: Mapping[str, float], seed: int
) -> tuple[Params, list[float]]:
    """Minibatch gradient descent; the step falls from learning_rate to 0 along half a cosine.

    Args:
        X: (N, D), raw inputs
        y: (N,), labels 0..C-1
        hyperparameters: hidden_size, batch_size, learning_rate, reg, epochs
        seed: of the first weights and of the order of the samples

    Returns:
        params: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,)
        history: after each epoch, the loss on all of X, y with its L2 term
    """
    return train_classes(CLASSES, X, y, hyperparameters, seed)


def train_classes(
    C: int, X: Array, y: Labels, hyperparameters: Mapping[str, float], seed: int
) -> tuple[Params, list[float]]:
    """:func:`train` for C classes."""
    N, D = X.shape
    epochs, batch_size = int(hyperparameters["epochs"]), int(hyperparameters["batch_size"])
    params = init_params(D, int(hyperparameters["hidden_size"]), C, seed)
    rng = np.random.default_rng(seed)
    history = []
    for epoch in range(epochs):
        rate = hyperparameters["learning_rate"] * 0.5 * (1 + np.cos(np.pi * epoch / epochs))
        order = rng.permutation(N)
        for start in range(0, N, batch_size):
            batch = order[start : start + batch_size]
            _, grads = loss(params, X[batch], y[batch], hyperparameters["reg"])
            for name, gradient in grads.items():
                params[name] -= rate * gradient
        history.append(loss(params, X, y, hyperparameters["reg"])[0])
    return params, history
