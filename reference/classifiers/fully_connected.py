"""A fully connected net of any depth as a class, as Stanford CS231n asks for it.

    X -> {affine -> [batch norm] -> ReLU} for each hidden layer -> affine = scores -> softmax + L2

Source: course lecture "Neural networks"; names and arguments of CS231n, whose penalty is halved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from reference.arrays import Array, Labels, Params
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.batch_norm import batchnorm_backward, batchnorm_forward
from reference.layers.relu import relu_backward, relu_forward
from reference.losses.l2_penalty import l2_penalty
from reference.losses.softmax import softmax_loss


class FullyConnectedNet:
    """A classifier with hidden layers; ``params`` holds W1, b1, W2, b2, ... from the input on.

    With batch normalisation it also holds gamma1, beta1, ..., of each hidden layer.

    Args:
        hidden_dims: sizes of the hidden layers
        input_dim: D, of a sample when it is flattened
        num_classes: C
        normalization: None or "batchnorm"
        reg: strength of the penalty
        weight_scale: of the small random weights to start from

    Raises:
        ValueError: the normalisation is another one.
    """

    def __init__(
        self,
        hidden_dims: Sequence[int],
        input_dim: int = 3 * 32 * 32,
        num_classes: int = 10,
        normalization: str | None = None,
        reg: float = 0.0,
        weight_scale: float = 1e-2,
    ) -> None:
        if normalization not in (None, "batchnorm"):
            raise ValueError(f"no normalisation {normalization!r}")
        self.reg = reg
        self.num_layers = len(hidden_dims) + 1
        self.bn_params: list[dict[str, Any]] = []
        self.params: Params = {}
        draw = np.random.default_rng()
        sizes = [input_dim, *hidden_dims, num_classes]
        for i in range(1, self.num_layers + 1):
            self.params[f"W{i}"] = weight_scale * draw.standard_normal((sizes[i - 1], sizes[i]))
            self.params[f"b{i}"] = np.zeros(sizes[i])
            if normalization and i < self.num_layers:
                self.params[f"gamma{i}"] = np.ones(sizes[i])
                self.params[f"beta{i}"] = np.zeros(sizes[i])
                self.bn_params.append({"mode": "train"})

    def loss(self, X: Array, y: Labels | None = None) -> Array | tuple[float, Params]:
        """Mean cross-entropy plus reg/2 of the sum of all squared weights, and its gradients.

        Without y, batch normalisation is in test mode.

        Args:
            X: (N, d_1, ..., d_k), d_1 ... d_k = D
            y: (N,), labels 0..C-1; None for the scores alone

        Returns:
            scores (N, C) without y; else the loss, and a dict of gradients named as params
        """
        for bn_param in self.bn_params:
            bn_param["mode"] = "test" if y is None else "train"
        h, caches, last = X, [], self.num_layers
        for i in range(1, last):
            h, cache = self._hidden(i, h)
            caches.append(cache)
        scores, outer = affine_forward(h, self.params[f"W{last}"], self.params[f"b{last}"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        grads: Params = {}
        dh, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dscores, outer)
        for i in range(last - 1, 0, -1):
            dh = self._hidden_backward(i, dh, caches[i - 1], grads)
        for i in range(1, last + 1):
            penalty, dpenalty = l2_penalty(self.params[f"W{i}"], self.reg / 2)
            loss += penalty
            grads[f"W{i}"] = grads[f"W{i}"] + dpenalty
        return loss, grads

    def _hidden(self, i: int, h: Array) -> tuple[Array, tuple[Any, Any, Any]]:
        z, inner = affine_forward(h, self.params[f"W{i}"], self.params[f"b{i}"])
        norm = None
        if self.bn_params:
            gamma, beta = self.params[f"gamma{i}"], self.params[f"beta{i}"]
            z, norm = batchnorm_forward(z, gamma, beta, self.bn_params[i - 1])
        h, active = relu_forward(z)
        return h, (inner, norm, active)

    def _hidden_backward(
        self, i: int, dh: Array, cache: tuple[Any, Any, Any], grads: Params
    ) -> Array:
        inner, norm, active = cache
        dz = relu_backward(dh, active)
        if norm is not None:
            dz, grads[f"gamma{i}"], grads[f"beta{i}"] = batchnorm_backward(dz, norm)
        dh, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dz, inner)
        return dh
