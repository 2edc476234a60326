"""Stochastic depth as a table of formulas, and its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]


def _per_sample(q: Sheet, values: Array) -> Array:
    return values.reshape(-1, *(1 for _ in range(q.ndim - 1)))


FORMULAS: Formulas = {
    "ndim": lambda q: q.x.ndim,
    "kept": lambda q: _per_sample(q, q.u < q.p).astype(np.float64),
    "train_scale": lambda _: 1.0,
    "test_scale": lambda q: q.p,
    "train_weight": lambda q: q.kept * q.train_scale,
    "test_weight": lambda q: q.test_scale,
    "weight": lambda q: q.train_weight if q.mode == "train" else q.test_weight,
    "out": lambda q: q.x + q.weight * q.branch,
    # ---------------------------------------------------------------------------------- backward
    "dx": lambda q: q.dout,
    "dbranch": lambda q: q.dout * q.right_weight,
}


def _right(q: Sheet) -> Any:
    """The weight of the branch in this setting: no mistake replaces the two scales."""
    return q.kept * q.train_scale if q.mode == "train" else q.test_scale


def _given(x: Array, branch: Array, depth_param: Mapping[str, Any]) -> dict[str, Any]:
    if depth_param["mode"] not in ("train", "test"):
        raise ValueError("stochastic depth has no such mode")
    return {"x": x, "branch": branch, **depth_param}


STOCHASTIC_DEPTH = Family(
    "stochastic_depth",
    FORMULAS,
    {
        "stochastic_depth_forward": Signature(
            _given,
            lambda q: (q.out, {"right_weight": _right(q), "mode": q.mode, "p": q.p}),
        ),
        "stochastic_depth_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache}, lambda q: (q.dx, q.dbranch)
        ),
    },
)

_SHORTCUT = "what does a block do whose branch is left out?"
_EXPECTED = "what is the mean of the branch's weight over many training steps?"
_WEIGHT = "what was the branch multiplied by in the forward pass?"

forward = bugs_of(STOCHASTIC_DEPTH, "stochastic_depth_forward")
backward = bugs_of(STOCHASTIC_DEPTH, "stochastic_depth_backward")

STOCHASTIC_DEPTH_BUGS = (
    # ----------------------------------------------------------------------------------- forward
    forward(
        "shortcut_dropped_too",
        "where the branch is left out, the shortcut is, too; it always carries x on",
        _SHORTCUT,
        out=lambda q: q.weight * (q.x + q.branch),
    ),
    forward(
        "shortcut_dropped_instead",
        "the shortcut is left out instead of the branch",
        _SHORTCUT,
        out=lambda q: q.weight * q.x + q.branch,
    ),
    forward(
        "shortcut_missing",
        "x is not added; the block's output is x plus the branch",
        _SHORTCUT,
        out=lambda q: q.weight * q.branch,
    ),
    forward(
        "wrong_samples",
        "the branch is left out where it should be kept, and the other way round",
        "in how many samples is the branch kept when p is nearly 1?",
        train_weight=lambda q: 1 - q.kept,
    ),
    forward(
        "never_dropped",
        "the branch is kept in all samples of a training batch",
        "where is u used?",
        train_weight=lambda _: 1.0,
    ),
    forward(
        "one_decision",
        "the first sample's decision holds for the whole batch; each sample has its own",
        "how many uniform numbers are there?",
        train_weight=lambda q: q.kept[:1],
    ),
    forward(
        "dropped_at_test",
        "branches are left out at test time, too; they are all kept there, and scaled",
        "when are branches dropped, and when not?",
        test_weight=lambda q: q.kept,
    ),
    forward(
        "not_scaled_at_test",
        "nothing is scaled at test time, as if the branch were always kept in training",
        _EXPECTED,
        test_weight=lambda _: 1.0,
    ),
    forward(
        "scaled_twice",
        "the branch is divided by p in training and multiplied by p at test time; one of the two "
        "is enough",
        _EXPECTED,
        train_weight=lambda q: q.kept / q.p,
        test_weight=lambda q: q.p,
    ),
    forward(
        "multiplied_in_training",
        "the branch is multiplied by p in training, too",
        _EXPECTED,
        train_weight=lambda q: q.kept * q.p,
    ),
    forward(
        "divided_at_test",
        "the branch is divided by p at test time; it is multiplied by it",
        _EXPECTED,
        test_weight=lambda q: 1 / q.p,
    ),
    forward(
        "all_scaled_at_test",
        "at test time the sum of shortcut and branch is scaled; the shortcut is not",
        _SHORTCUT,
        out=lambda q: q.weight * (q.x + q.branch) if q.mode == "test" else FORMULAS["out"](q),
    ),
    # ---------------------------------------------------------------------------------- backward
    backward(
        "dx_masked",
        "dx is zero where the branch was left out; the shortcut always hands its gradient back",
        _SHORTCUT,
        dx=lambda q: q.dout * q.right_weight,
    ),
    backward(
        "dbranch_not_masked",
        "the branch has a gradient where it was left out",
        _WEIGHT,
        dbranch=lambda q: q.dout,
    ),
    backward(
        "dbranch_not_scaled_at_test",
        "at test time the gradient of the branch lacks the factor p",
        _WEIGHT,
        dbranch=lambda q: q.dout if q.mode == "test" else FORMULAS["dbranch"](q),
    ),
    backward(
        "dbranch_scaled",
        "the gradient of the branch has the factor p in training, too",
        _WEIGHT,
        dbranch=lambda q: (
            q.p * FORMULAS["dbranch"](q) if q.mode == "train" else FORMULAS["dbranch"](q)
        ),
    ),
    backward(
        "wrong_samples_in_backward",
        "the gradient reaches the branch where it was left out, and not where it was kept",
        _WEIGHT,
        dbranch=lambda q: (
            q.dout * (q.right_weight == 0) if q.mode == "train" else FORMULAS["dbranch"](q)
        ),
    ),
    backward(
        "gradients_halved",
        "the gradient is shared between shortcut and branch; a sum hands all of it to both",
        "what is the derivative of a sum by one of its terms?",
        dx=lambda q: q.dout / 2,
        dbranch=lambda q: FORMULAS["dbranch"](q) / 2,
    ),
)
