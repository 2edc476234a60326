"""CS231n's three-layer convolutional net as a class.

    X -> conv - ReLU - 2 by 2 max pool -> affine - ReLU -> affine = scores -> softmax + L2

Source: course lecture "Convolutional networks"; names and arguments of CS231n, whose penalty is
halved.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reference.arrays import Array, Labels, Params
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.conv import conv_backward, conv_forward
from reference.layers.max_pool import max_pool_backward, max_pool_forward
from reference.layers.relu import relu_backward, relu_forward
from reference.losses.l2_penalty import l2_penalty
from reference.losses.softmax import softmax_loss

_POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


class ThreeLayerConvNet:
    """A classifier of images; the convolution keeps their size.

    ``params`` holds W1 (F, C, HH, HH), b1 (F,), W2 (F H/2 W/2, hidden), b2, W3 (hidden, K), b3.

    Args:
        input_dim: (C, H, W), H and W even
        num_filters: F
        filter_size: HH, odd
        hidden_dim: size of the hidden layer
        num_classes: K
        weight_scale: of the small random weights to start from
        reg: strength of the penalty
    """

    def __init__(
        self,
        input_dim: Sequence[int] = (3, 32, 32),
        num_filters: int = 32,
        filter_size: int = 7,
        hidden_dim: int = 100,
        num_classes: int = 10,
        weight_scale: float = 1e-3,
        reg: float = 0.0,
    ) -> None:
        C, H, W = input_dim
        draw = np.random.default_rng()
        shapes = (
            (num_filters, C, filter_size, filter_size),
            (num_filters * (H // 2) * (W // 2), hidden_dim),
            (hidden_dim, num_classes),
        )
        self.reg = reg
        self.params: Params = {}
        for i, shape in enumerate(shapes, 1):
            self.params[f"W{i}"] = weight_scale * draw.standard_normal(shape)
            self.params[f"b{i}"] = np.zeros(num_filters if i == 1 else shape[1])

    def loss(self, X: Array, y: Labels | None = None) -> Array | tuple[float, Params]:
        """Mean cross-entropy plus reg/2 (Σ W1² + Σ W2² + Σ W3²), and its gradients.

        Args:
            X: (N, C, H, W)
            y: (N,), labels 0..K-1; None for the scores alone

        Returns:
            scores (N, K) without y; else the loss, and a dict of gradients named as params
        """
        W1, W2, W3 = (self.params[f"W{i}"] for i in (1, 2, 3))
        keeping = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
        image, conv = conv_forward(X, W1, self.params["b1"], keeping)
        image, first = relu_forward(image)
        image, pool = max_pool_forward(image, _POOL)
        hidden, inner = affine_forward(image, W2, self.params["b2"])
        hidden, second = relu_forward(hidden)
        scores, outer = affine_forward(hidden, W3, self.params["b3"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        grads: Params = {}
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, outer)
        dimage, grads["W2"], grads["b2"] = affine_backward(relu_backward(dhidden, second), inner)
        dimage = relu_backward(max_pool_backward(dimage, pool), first)
        _, grads["W1"], grads["b1"] = conv_backward(dimage, conv)
        for name, weights in (("W1", W1), ("W2", W2), ("W3", W3)):
            penalty, dpenalty = l2_penalty(weights, self.reg / 2)
            loss += penalty
            grads[name] = grads[name] + dpenalty
        return loss, grads
