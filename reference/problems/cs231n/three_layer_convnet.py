"""ThreeLayerConvNet, whose params are set, so that a net that draws its weights can be compared.

Images are not square, and no pixel is near a kink or a tie. All numbers are exact in float32, to
which nets convert what they are given, and no output need be nearer than float32 is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Bound, Step, Tolerance, ValueTree
from reference.classifiers.three_layer_convnet import ThreeLayerConvNet
from reference.layers.conv import conv_forward
from reference.problems.cs231n.net_settings import penalised_in_any_way
from reference.problems.images import ImageShape
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Recipe, Steps, gaussian
from reference.problems.two_layer import bears_an_epsilon, draw_labels

Array = NDArray[Any]
Params = dict[str, Array]

_KINK: Final = 1e-3
_SINGLE: Final = Tolerance(1e-5, 1e-5)
_GRADIENTS: Final = ("dW1", "db1", "dW2", "db2", "dW3", "db3")
_SCORES, _PLAIN, _L2 = frozenset({"scores"}), frozenset({"plain"}), frozenset({"l2"})
_SELDOM: Final = frozenset(
    {"conv_forward", "conv_backward", "max_pool_forward", "max_pool_backward"}
)
_POOL: Final[dict[str, ValueTree]] = {"pool_height": 2, "pool_width": 2, "stride": 2}


@dataclass(frozen=True)
class Net:
    """Images (N, C, H, W), filters of ``window`` by ``window``, a hidden layer, classes."""

    image: ImageShape
    filters: int
    window: int
    hidden: int
    classes: int

    def scores(self, draw: Draw) -> list[Step]:
        """The net, and its scores."""
        params, X, _ = self._drawn(draw)
        return [*self._made(params, 0.0), _loss([X], "scores")]

    def loss(self, reg: float) -> Steps:
        """The net, its loss and gradients."""

        def steps(draw: Draw) -> list[Step]:
            params, X, y = self._drawn(draw)
            grads: Any = {name: f"d{name}" for name in params}
            return [*self._made(params, reg), _loss([X, y], ["loss", grads])]

        return steps

    def _made(self, params: Params, reg: float) -> list[Step]:
        options: dict[str, ValueTree] = {
            "input_dim": list(self.image[1:]),
            "num_filters": self.filters,
            "filter_size": self.window,
            "hidden_dim": self.hidden,
            "num_classes": self.classes,
            "reg": reg,
        }
        return [
            Step("ThreeLayerConvNet:known", [options], "#net"),
            Step("ThreeLayerConvNet.params:set", [Bound("net"), dict(params)], "_"),
        ]

    def _drawn(self, draw: Draw) -> tuple[Params, Array, Array]:
        N, C, H, W = self.image
        F, HH, K = self.filters, self.window, self.classes
        flat = F * H * W // 4
        while True:
            params: Params = {
                "W1": gaussian(draw, F, C, HH, HH, scale=0.4),
                "b1": gaussian(draw, F, scale=0.5),
                "W2": gaussian(draw, flat, self.hidden, scale=1.4 / np.sqrt(flat)),
                "b2": gaussian(draw, self.hidden, scale=0.5),
                "W3": gaussian(draw, self.hidden, K, scale=0.7),
                "b3": gaussian(draw, K, scale=0.5),
            }
            X = gaussian(draw, *self.image)
            y = draw_labels(draw, N, np.arange(K))
            if self._is_fair(params, X, y):
                return params, X, y

    def _is_fair(self, params: Params, X: Array, y: Array) -> bool:
        """Far from all kinks and ties, and with something for each layer to do."""
        N, _, H, W = self.image
        keeping = {"stride": 1, "pad": (self.window - 1) // 2}
        planes, _ = conv_forward(X, params["W1"], params["b1"], keeping)
        windows = planes.reshape(N, -1, H // 2, 2, W // 2, 2).swapaxes(3, 4).reshape(-1, 4)
        second, first = np.sort(windows)[:, -2:].T
        pooled = np.maximum(first, 0).reshape(N, -1)
        z = pooled @ params["W2"] + params["b2"]
        scores = np.maximum(z, 0) @ params["W3"] + params["b3"]
        smooth = min(np.abs(planes).min(), (first - second).min(), np.abs(z).min()) > _KINK
        of_both_signs = all((a > 0).any() and (a < 0).any() for a in (first, z, scores))
        return bool(smooth and of_both_signs and bears_an_epsilon(scores, y))


def _loss(args: list[ValueTree], returns: Any) -> Step:
    return Step("ThreeLayerConvNet.loss", [Bound("net"), *args], returns)


def _of_layers(steps: list[Step]) -> Recipe:
    """The net of a case, made of layers as CS231n has students build it; without the penalty."""
    params, (_, X, *y) = cast("dict[str, Any]", steps[1].args[1]), steps[2].args
    keeping: dict[str, ValueTree] = {"stride": 1, "pad": (params["W1"].shape[2] - 1) // 2}
    scores = "scores_" if y else "scores"
    forward = [
        Step("conv_forward", [X, params["W1"], params["b1"], keeping], ["a", "#conv"]),
        Step("relu_forward", [Bound("a")], ["h", "#first"]),
        Step("max_pool_forward", [Bound("h"), dict(_POOL)], ["pooled", "#pool"]),
        Step("affine_forward", [Bound("pooled"), params["W2"], params["b2"]], ["z", "#inner"]),
        Step("relu_forward", [Bound("z")], ["hidden", "#second"]),
        Step("affine_forward", [Bound("hidden"), params["W3"], params["b3"]], [scores, "#outer"]),
    ]
    if not y:
        return Recipe(forward, seldom=_SELDOM)
    backward = [
        Step("softmax_loss", [Bound(scores), y[0]], ["loss", "dscores"]),
        Step("affine_backward", [Bound("dscores"), Bound("outer")], ["dhidden", "dW3", "db3"]),
        Step("relu_backward", [Bound("dhidden"), Bound("second")], "dz"),
        Step("affine_backward", [Bound("dz"), Bound("inner")], ["dpooled", "dW2", "db2"]),
        Step("max_pool_backward", [Bound("dpooled"), Bound("pool")], "dh"),
        Step("relu_backward", [Bound("dh"), Bound("first")], "da"),
        Step("conv_backward", [Bound("da"), Bound("conv")], ["_", "dW1", "db1"]),
    ]
    return Recipe([*forward, *backward], seldom=_SELDOM)


NET = Net((3, 2, 4, 6), filters=3, window=3, hidden=5, classes=4)

PROBLEMS: tuple[ProblemPlan, ...] = (
    penalised_in_any_way(
        ProblemPlan(
            "three_layer_convnet",
            "ThreeLayerConvNet: scores, loss and gradients",
            "ThreeLayerConvNet.loss",
            ("scores", "loss", *_GRADIENTS),
            (
                CasePlan("scores", "scores", _SCORES, NET.scores),
                CasePlan("plain", "no regularisation", _PLAIN, NET.loss(0.0)),
                CasePlan("l2", "with L2", _L2, NET.loss(0.375)),
            ),
            # For an epsilon against log(0), which many courses teach.
            looser={
                "loss": Tolerance(1e-4, 1e-4),
                **dict.fromkeys(("scores", *_GRADIENTS), _SINGLE),
            },
            compositions=(_of_layers,),
            penalised=frozenset({"loss", *_GRADIENTS}),
        )
    ),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (ThreeLayerConvNet,)
