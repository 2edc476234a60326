"""The two-layer net as a class, as Stanford CS231n asks for it.

X (N, D) -> X W1 + b1 -> max(0, .) -> h W2 + b2 = scores (N, C) -> softmax cross-entropy + L2

Source: course lecture "Neural networks"; names and arguments of CS231n,
whose neural_net.py gives reg to loss and whose fc_net.py gives it to the constructor.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.relu import relu_backward, relu_forward
from reference.losses.softmax import softmax_loss


class TwoLayerNet:
    """A classifier with one hidden layer; ``params`` holds W1 (D, H), b1 (H,), W2 (H, C), b2 (C,).

    Args:
        input_size: D
        hidden_size: H
        output_size: C
        std: of the small random weights to start from
        reg: strength of the penalty where loss is given none, as in fc_net.py
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int,
        std: float = 1e-4,
        reg: float = 0.0,
    ) -> None:
        self.reg = reg
        draw = np.random.default_rng()
        self.params: dict[str, Array] = {
            "W1": std * draw.standard_normal((input_size, hidden_size)),
            "b1": np.zeros(hidden_size),
            "W2": std * draw.standard_normal((hidden_size, output_size)),
            "b2": np.zeros(output_size),
        }

    def loss(
        self, X: Array, y: Labels | None = None, reg: float | None = None
    ) -> Array | tuple[float, dict[str, Array]]:
        """Mean cross-entropy plus reg (Σ W1² + Σ W2²), and its gradients.

        Args:
            X: (N, D)
            y: (N,), labels 0..C-1; None for the scores alone
            reg: strength of the penalty; None for the constructor's

        Returns:
            scores (N, C) without y; else the loss, and a dict of gradients named as params
        """
        reg = self.reg if reg is None else reg
        W1, W2 = self.params["W1"], self.params["W2"]
        z, first = affine_forward(X, W1, self.params["b1"])
        h, hidden = relu_forward(z)
        scores, second = affine_forward(h, W2, self.params["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dh, dW2, db2 = affine_backward(dscores, second)
        _, dW1, db1 = affine_backward(relu_backward(dh, hidden), first)
        loss += reg * float((W1 * W1).sum() + (W2 * W2).sum())
        return loss, {
            "W1": dW1 + 2 * reg * W1,
            "b1": db1,
            "W2": dW2 + 2 * reg * W2,
            "b2": db2,
        }
