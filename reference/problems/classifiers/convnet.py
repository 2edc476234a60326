"""Problems of the small convolutional net.

Images are not square; pixels after the convolution keep away from the ReLU's kink, and the largest
of each window from the second, so that central differences see smooth functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Derivative, Step
from reference.classifiers.convnet import convnet_loss, convnet_scores
from reference.layers.conv import conv_forward
from reference.problems.classifiers.linear import EPSILON, halved
from reference.problems.images import ImageShape
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian
from reference.problems.two_layer import bears_an_epsilon, draw_labels

Array = NDArray[Any]

_PLAIN = frozenset({"plain"})
_L2 = frozenset({"l2"})
_KINK = 1e-3
_GRADIENTS = {"W1": "dW1", "b1": "db1", "W2": "dW2", "b2": "db2"}


@dataclass(frozen=True)
class Net:
    """Images (N, C, H, W), ``filters`` of ``window`` by ``window``, ``classes``."""

    image: ImageShape
    filters: int
    window: int
    classes: int

    def draw(self, draw: Draw) -> tuple[dict[str, Array], Array, Array]:
        """Parameters, X and y."""
        N, C, H, W = self.image
        F, HH, K = self.filters, self.window, self.classes
        while True:
            params = {
                "W1": gaussian(draw, F, C, HH, HH, scale=0.4),
                "b1": gaussian(draw, F, scale=0.5),
                "W2": gaussian(draw, F * H * W // 4, K, scale=0.4),
                "b2": gaussian(draw, K, scale=0.5),
            }
            X = gaussian(draw, *self.image)
            if self._smooth(params, X):
                return params, X, draw_labels(draw, N, np.arange(K))

    def _smooth(self, params: dict[str, Array], X: Array) -> bool:
        N, _, H, W = self.image
        conv_param = {"stride": 1, "pad": (self.window - 1) // 2}
        hidden, _ = conv_forward(X, params["W1"], params["b1"], conv_param)
        windows = hidden.reshape(N, -1, H // 2, 2, W // 2, 2).swapaxes(3, 4)
        second, first = np.sort(windows.reshape(-1, 4))[:, -2:].T
        smooth = np.abs(hidden).min() > _KINK and (first - second).min() > _KINK
        return bool(smooth and (first < 0).any())  # a window of which the ReLU leaves nothing

    def scores(self, draw: Draw) -> list[Step]:
        """One call of convnet_scores."""
        params, X, _ = self.draw(draw)
        return [Step("convnet_scores", [dict(params), X], "scores")]

    def loss(self, reg: float) -> Steps:
        """One call of convnet_loss."""

        def steps(draw: Draw) -> list[Step]:
            params, X, y = self.draw(draw)
            while not bears_an_epsilon(convnet_scores(params, X), y):
                params, X, y = self.draw(draw)
            return [Step("convnet_loss", [dict(params), X, y, reg], ["loss", dict(_GRADIENTS)])]

        return steps


SMALL = Net((3, 2, 4, 6), filters=3, window=3, classes=4)
WIDE = Net((2, 1, 4, 8), filters=2, window=5, classes=3)

PROBLEMS: tuple[ProblemPlan, ...] = (
    ProblemPlan(
        "convnet_scores",
        "small convolutional net: scores",
        "convnet_scores",
        ("scores",),
        (
            CasePlan("small", "filters of 3 by 3", _PLAIN, SMALL.scores),
            CasePlan("wide", "one channel, filters of 5 by 5", _PLAIN, WIDE.scores),
        ),
    ),
    halved(
        ProblemPlan(
            "convnet_loss",
            "small convolutional net: loss and gradients",
            "convnet_loss",
            ("loss", *_GRADIENTS.values()),
            (
                CasePlan("plain", "no regularisation", _PLAIN, SMALL.loss(0.0)),
                CasePlan("l2", "filters of 5 by 5, reg = 0.1", _L2, WIDE.loss(0.1)),
            ),
            Derivative(
                value="loss",
                step=0,
                outputs={gradient: (0, 0, name) for name, gradient in _GRADIENTS.items()},
            ),
            looser={"loss": EPSILON},
        )
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (convnet_scores, convnet_loss)
