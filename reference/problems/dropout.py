"""Problems of dropout, DropConnect and stochastic depth.

The uniform numbers are arguments, so that answers can be compared. Those functions that draw for
themselves, as in CS231n, are judged by what any right answer has in common: which factors occur,
how many units are kept, and that both passes treat the same units alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Bound, Derivative, Setting, Step, ValueTree
from grader.observe import Observation
from reference.bugs.sheet import Formulas
from reference.layers.dropconnect import dropconnect_backward, dropconnect_forward
from reference.layers.dropout import (
    drawn_dropout_backward,
    drawn_dropout_forward,
    dropout_backward,
    dropout_forward,
)
from reference.layers.stochastic_depth import stochastic_depth_backward, stochastic_depth_forward
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid

Array = NDArray[Any]

_KEEP = Setting("dropout_p", "keep", "p is the probability that a unit is kept")
_DROP = Setting("dropout_p", "drop", "p is the probability that a unit is dropped")
_AS_DROP: Formulas = {"kept": lambda q: q.u >= q.p, "share": lambda q: 1 - q.p}
_TRAIN = frozenset({"train"})
_TEST = frozenset({"test"})
_MANY = (100, 100)
"""So many units that the share of those that are kept is known to a tenth."""


def _coins(draw: Draw, shape: tuple[int, ...], p: float) -> Array:
    """Uniform numbers, of which some are below p and 1 - p; the first is not below either."""
    low, high = min(p, 1 - p), max(p, 1 - p)
    while True:
        u = on_grid(draw.uniform(0.0, 1.0, shape))
        if (u < low).any() and u.flat[0] > high:
            return u


def _param(draw: Draw, shape: tuple[int, ...], p: float, mode: str) -> dict[str, ValueTree]:
    return {"p": p, "mode": mode, "u": _coins(draw, shape, p)}  # at test, to be left alone


def _in_both_settings(plan: ProblemPlan) -> ProblemPlan:
    other = replace(plan, setting=_DROP, changes=_AS_DROP)
    return replace(plan, setting=_KEEP, alternatives=(other,))


# ------------------------------------------------------------------------------------- dropout
def _dropout(shape: tuple[int, ...], p: float, mode: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        x = gaussian(draw, *shape)
        return [Step("dropout_forward", [x, _param(draw, shape, p, mode)], ["out", "#cache"])]

    return steps


def _dropout_back(shape: tuple[int, ...], p: float, mode: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        forward = _dropout(shape, p, mode)(draw)
        dout = gaussian(draw, *shape)
        return [*forward, Step("dropout_backward", [dout, Bound("cache")], "dx")]

    return steps


_DROPOUT_SHAPES = (
    ("table", "training mode", _TRAIN, (7, 9), 0.6, "train"),
    ("images", "training mode, images, small p", _TRAIN, (2, 3, 4, 5), 0.3, "train"),
    ("test", "test mode", _TEST, (5, 6), 0.7, "test"),
)


def _cases(of: Callable[..., Steps], shapes: tuple[tuple[Any, ...], ...]) -> tuple[CasePlan, ...]:
    return tuple(CasePlan(name, words, tags, of(*how)) for name, words, tags, *how in shapes)


DROPOUT = (
    _in_both_settings(
        ProblemPlan(
            "dropout_forward",
            "dropout forward",
            "dropout_forward",
            ("out",),
            _cases(_dropout, _DROPOUT_SHAPES),
        )
    ),
    _in_both_settings(
        ProblemPlan(
            "dropout_backward",
            "dropout backward",
            "dropout_backward",
            ("dx",),
            _cases(_dropout_back, _DROPOUT_SHAPES),
            Derivative(value="out", step=0, outputs={"dx": (0, 0)}, upstream=(1, 0)),
        )
    ),
)


# ----------------------------------------------------------- dropout that draws its own numbers
def _units(draw: Draw, shape: tuple[int, ...]) -> Array:
    """Whole numbers other than 0: they hide no dropped unit, and make a small bundle."""
    return np.asarray(draw.choice([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0, 5.0], shape))


def _drawn(shape: tuple[int, ...], p: float, mode: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        param: dict[str, ValueTree] = {"mode": mode, "p": p}
        return [Step("drawn_dropout_forward", [_units(draw, shape), param], ["dropped", "#cache"])]

    return steps


def _drawn_back(shape: tuple[int, ...], p: float, mode: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        forward = _drawn(shape, p, mode)(draw)
        dout = _units(draw, shape)
        return [*forward, Step("drawn_dropout_backward", [dout, Bound("cache")], "passed")]

    return steps


_FACTORS = "what the units are multiplied by"
_SEEN_FORWARD = {
    "factors": Observation("kept_scales", ("dropped", (0, 0)), _FACTORS),
    "kept": Observation("kept_share", ("dropped",), "the share of the units that are kept"),
}
_SEEN_AT_TEST = {"factors": _SEEN_FORWARD["factors"]}
_SEEN_BACKWARD = {
    "same_units": Observation(
        "same_mask",
        ("dropped", (0, 0), "passed", (1, 0)),
        "whether the gradient is multiplied by what the units were multiplied by",
    ),
    "gradient_factors": Observation(
        "kept_scales", ("passed", (1, 0)), "what the gradient is multiplied by"
    ),
    "passed_share": Observation(
        "kept_share", ("passed",), "the share of the units that the gradient passes"
    ),
}
_SEEN_BACKWARD_AT_TEST = {name: _SEEN_BACKWARD[name] for name in ("same_units", "gradient_factors")}

DRAWN = (
    _in_both_settings(
        ProblemPlan(
            "drawn_dropout_forward",
            "dropout forward, with random numbers of its own",
            "drawn_dropout_forward",
            (),
            (
                CasePlan(
                    "train",
                    "training mode",
                    _TRAIN,
                    _drawn(_MANY, 0.6, "train"),
                    observed=_SEEN_FORWARD,
                ),
                CasePlan(
                    "small_p",
                    "training mode, small p",
                    _TRAIN,
                    _drawn(_MANY, 0.2, "train"),
                    observed=_SEEN_FORWARD,
                ),
                CasePlan(
                    "test",
                    "test mode",
                    _TEST,
                    _drawn((6, 5), 0.6, "test"),
                    observed=_SEEN_AT_TEST,
                ),
            ),
        )
    ),
    _in_both_settings(
        ProblemPlan(
            "drawn_dropout_backward",
            "dropout backward, with random numbers of its own",
            "drawn_dropout_backward",
            (),
            (
                CasePlan(
                    "train",
                    "training mode",
                    _TRAIN,
                    _drawn_back(_MANY, 0.6, "train"),
                    observed=_SEEN_BACKWARD,
                ),
                CasePlan(
                    "test",
                    "test mode",
                    _TEST,
                    _drawn_back((6, 5), 0.6, "test"),
                    observed=_SEEN_BACKWARD_AT_TEST,
                ),
            ),
        )
    ),
)


# ---------------------------------------------------------------------------------- DropConnect
def _dropconnect(shape: tuple[int, int, int], p: float, mode: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        N, D, M = shape
        x, w, b = gaussian(draw, N, D), gaussian(draw, D, M), gaussian(draw, M)
        param = _param(draw, (D, M), p, mode)
        return [Step("dropconnect_forward", [x, w, b, param], ["out", "#cache"])]

    return steps


def _dropconnect_back(shape: tuple[int, int, int], p: float, mode: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        forward = _dropconnect(shape, p, mode)(draw)
        dout = gaussian(draw, shape[0], shape[2])
        step = Step("dropconnect_backward", [dout, Bound("cache")], ["dx", "dw", "db"])
        return [*forward, step]

    return steps


_DROPCONNECT_SHAPES = (
    ("train", "training mode", _TRAIN, (5, 7, 4), 0.6, "train"),
    ("small_p", "training mode, a single sample, small p", _TRAIN, (1, 6, 5), 0.3, "train"),
    ("test", "test mode", _TEST, (3, 5, 2), 0.7, "test"),
)

DROPCONNECT = (
    ProblemPlan(
        "dropconnect_forward",
        "DropConnect forward",
        "dropconnect_forward",
        ("out",),
        _cases(_dropconnect, _DROPCONNECT_SHAPES),
    ),
    ProblemPlan(
        "dropconnect_backward",
        "DropConnect backward",
        "dropconnect_backward",
        ("dx", "dw", "db"),
        _cases(_dropconnect_back, _DROPCONNECT_SHAPES),
        Derivative(
            value="out",
            step=0,
            outputs={"dx": (0, 0), "dw": (0, 1), "db": (0, 2)},
            upstream=(1, 0),
        ),
    ),
)


# ----------------------------------------------------------------------------- stochastic depth
def _depth(shape: tuple[int, ...], p: float, mode: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        x, branch = gaussian(draw, *shape), gaussian(draw, *shape)
        param = _param(draw, shape[:1], p, mode)
        return [Step("stochastic_depth_forward", [x, branch, param], ["out", "#cache"])]

    return steps


def _depth_back(shape: tuple[int, ...], p: float, mode: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        forward = _depth(shape, p, mode)(draw)
        dout = gaussian(draw, *shape)
        step = Step("stochastic_depth_backward", [dout, Bound("cache")], ["dx", "dbranch"])
        return [*forward, step]

    return steps


_DEPTH_SHAPES = (
    ("train", "training mode", _TRAIN, (7, 4), 0.6, "train"),
    ("images", "training mode, images, small p", _TRAIN, (6, 2, 3, 4), 0.3, "train"),
    ("test", "test mode", _TEST, (5, 3), 0.7, "test"),
)
_AT_TEST = Setting(
    "stochastic_depth_scale", "test", "the branch is multiplied by p at test time, as in the paper"
)
_IN_TRAINING = Setting(
    "stochastic_depth_scale", "train", "the branch is divided by p in training already"
)


def _scaled_either_way(plan: ProblemPlan) -> ProblemPlan:
    scaled: Formulas = {"train_scale": lambda q: 1 / q.p, "test_scale": lambda _: 1.0}
    other = replace(plan, setting=_IN_TRAINING, changes=scaled)
    return replace(plan, setting=_AT_TEST, alternatives=(other,))


STOCHASTIC_DEPTH = (
    _scaled_either_way(
        ProblemPlan(
            "stochastic_depth_forward",
            "stochastic depth forward",
            "stochastic_depth_forward",
            ("out",),
            _cases(_depth, _DEPTH_SHAPES),
        )
    ),
    _scaled_either_way(
        ProblemPlan(
            "stochastic_depth_backward",
            "stochastic depth backward",
            "stochastic_depth_backward",
            ("dx", "dbranch"),
            _cases(_depth_back, _DEPTH_SHAPES),
            Derivative(
                value="out", step=0, outputs={"dx": (0, 0), "dbranch": (0, 1)}, upstream=(1, 0)
            ),
        )
    ),
)

PROBLEMS: tuple[ProblemPlan, ...] = (*DROPOUT, *DRAWN, *DROPCONNECT, *STOCHASTIC_DEPTH)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    dropout_forward,
    dropout_backward,
    drawn_dropout_forward,
    drawn_dropout_backward,
    dropconnect_forward,
    dropconnect_backward,
    stochastic_depth_forward,
    stochastic_depth_backward,
)
