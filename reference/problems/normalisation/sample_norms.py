"""Problems of layer and group normalisation, whose statistics are those of each sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from grader.bundle import Bound, Derivative, Setting, Step, ValueTree
from reference.layers.group_norm import spatial_groupnorm_backward, spatial_groupnorm_forward
from reference.layers.layer_norm import layernorm_backward, layernorm_forward
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid

Array = NDArray[Any]
Param = dict[str, ValueTree]

_WIDE, _BACKWARD_WIDE, _NARROW = 500.0, 60.0, 0.01
_OWN_EPS: Param = {"eps": 0.0078125}
_PLAIN = frozenset({"plain"})
_EPS = frozenset({"eps"})
_GRADIENTS = Derivative(
    value="out",
    step=0,
    outputs={"dx": (0, 0), "dgamma": (0, 1), "dbeta": (0, 2)},
    upstream=(1, 0),
)


@dataclass(frozen=True)
class Norm:
    """Layer normalisation, or group normalisation into ``groups``."""

    function: str
    shape: tuple[int, ...]
    groups: int | None = None
    weights: Callable[[int], tuple[int, ...]] = lambda features: (features,)
    """The shape of gamma and beta."""

    def forward(self, deviation: float, param: Param) -> Steps:
        """One call of the forward function."""

        def steps(draw: Draw) -> list[Step]:
            shift = draw.standard_normal((self.shape[0], *(1 for _ in self.shape[1:])))
            x = on_grid(deviation * (draw.standard_normal(self.shape) + shift))
            features = self.shape[1]
            shape = self.weights(features)
            sign = draw.choice([-1.0, 1.0], features)
            gamma = on_grid(sign * draw.uniform(0.75, 2.5, features)).reshape(shape)
            beta = gaussian(draw, features).reshape(shape)
            groups: list[ValueTree] = [] if self.groups is None else [self.groups]
            args: list[ValueTree] = [x, gamma, beta, *groups, dict(param)]
            return [Step(f"{self.function}_forward", args, ["out", "#cache"])]

        return steps

    def backward(self, deviation: float, param: Param) -> Steps:
        """The forward function, and the backward one with its cache."""

        def steps(draw: Draw) -> list[Step]:
            forward = self.forward(deviation, param)(draw)
            dout = gaussian(draw, *self.shape, scale=deviation)
            back = Step(
                f"{self.function}_backward", [dout, Bound("cache")], ["dx", "dgamma", "dbeta"]
            )
            return [*forward, back]

        return steps


def _problems(
    title: str, usual: Norm, other: tuple[str, Norm], setting: Setting | None = None
) -> tuple[ProblemPlan, ProblemPlan]:
    name, unusual = other
    forward = ProblemPlan(
        f"{usual.function}_forward",
        f"{title} forward",
        f"{usual.function}_forward",
        ("out",),
        (
            CasePlan("plain", "ordinary values", _PLAIN, usual.forward(_WIDE, {})),
            CasePlan("other", name, _PLAIN, unusual.forward(_WIDE, {})),
            CasePlan("eps", "small variance", _EPS, usual.forward(_NARROW, {})),
            CasePlan("own_eps", "another eps", _EPS, unusual.forward(_NARROW, _OWN_EPS)),
        ),
        setting=setting,
    )
    backward = ProblemPlan(
        f"{usual.function}_backward",
        f"{title} backward",
        f"{usual.function}_backward",
        ("dx", "dgamma", "dbeta"),
        (
            CasePlan("plain", "ordinary values", _PLAIN, usual.backward(_BACKWARD_WIDE, {})),
            CasePlan("other", name, _PLAIN, unusual.backward(_BACKWARD_WIDE, {})),
            CasePlan("eps", "small variance", _EPS, usual.backward(_NARROW, {})),
            CasePlan("own_eps", "another eps", _EPS, unusual.backward(_NARROW, _OWN_EPS)),
        ),
        _GRADIENTS,
        loose_shapes=frozenset({"dgamma", "dbeta"}),
        setting=setting,
    )
    return forward, backward


LAYER_FORWARD, LAYER_BACKWARD = _problems(
    "layer normalisation",
    Norm("layernorm", (5, 7)),
    ("a single sample", Norm("layernorm", (1, 6))),
)


def _group_problems(
    setting: Setting, weights: Callable[[int], tuple[int, ...]]
) -> tuple[ProblemPlan, ProblemPlan]:
    return _problems(
        "group normalisation",
        Norm("spatial_groupnorm", (3, 6, 4, 5), 3, weights),
        ("a single image, two groups", Norm("spatial_groupnorm", (1, 6, 3, 2), 2, weights)),
        setting,
    )


_IMAGE_SHAPED = Setting("groupnorm_gamma", "image", "gamma and beta have the shape (1, C, 1, 1)")
_FLAT = Setting("groupnorm_gamma", "flat", "gamma and beta have the shape (C,)")

GROUP_FORWARD, GROUP_BACKWARD = (
    replace(own, alternatives=(flat,))
    for own, flat in zip(
        _group_problems(_IMAGE_SHAPED, lambda C: (1, C, 1, 1)),
        _group_problems(_FLAT, lambda C: (C,)),
        strict=True,
    )
)

PROBLEMS: tuple[ProblemPlan, ...] = (LAYER_FORWARD, LAYER_BACKWARD, GROUP_FORWARD, GROUP_BACKWARD)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    layernorm_forward,
    layernorm_backward,
    spatial_groupnorm_forward,
    spatial_groupnorm_backward,
)
