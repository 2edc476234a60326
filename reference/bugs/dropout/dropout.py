"""Dropout as a table of formulas, and its mistakes.

Two pairs of functions are read off it: those that are given uniform numbers, and those that draw
them, whose answers are only known as shares and factors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]


def _uniform(q: Sheet) -> Array:
    uniform: Array = np.random.default_rng(q.seed).random(q.x.shape)
    return uniform


FORMULAS: Formulas = {
    "u": _uniform,
    "kept": lambda q: q.u < q.p,
    "share": lambda q: q.p,
    "mask": lambda q: q.kept / q.share,
    "out_train": lambda q: q.x * q.mask,
    "test_mask": lambda _: 1.0,
    "out_test": lambda q: q.x * q.test_mask,
    "out": lambda q: q.out_train if q.mode == "train" else q.out_test,
    # ---------------------------------------------------------------------------------- backward
    "back_mask": lambda q: q.right_mask,
    "dx_train": lambda q: q.dout * q.back_mask,
    "dx_test": lambda q: q.dout * q.right_mask,
    "dx": lambda q: q.dx_train if q.mode == "train" else q.dx_test,
}


def _given(x: Array, dropout_param: Mapping[str, Any]) -> dict[str, Any]:
    if dropout_param["mode"] not in ("train", "test"):
        raise ValueError("dropout has no such mode")
    return {"seed": None, "x": x, **dropout_param}


def _forward(q: Sheet) -> tuple[Array, dict[str, Any]]:
    right = q.kept / q.share if q.mode == "train" else 1.0
    return q.out, _cached(q, right)


def _drawn_forward(q: Sheet) -> tuple[Array, dict[str, Any]]:
    """The backward pass is judged by what was done here, right or wrong, so it goes by that."""
    return q.out, _cached(q, q.mask if q.mode == "train" else q.test_mask)


def _cached(q: Sheet, mask: Array | float) -> dict[str, Any]:
    return {"x": q.x, "p": q.p, "mode": q.mode, "share": q.share, "right_mask": mask}


def _back(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
    return {"dout": dout, **cache}


DROPOUT = Family(
    "dropout",
    FORMULAS,
    {
        "dropout_forward": Signature(_given, _forward),
        "dropout_backward": Signature(_back, lambda q: q.dx),
        "drawn_dropout_forward": Signature(_given, _drawn_forward),
        "drawn_dropout_backward": Signature(_back, lambda q: q.dx),
    },
)

_EXPECTED = "what should the mean of many outputs be, compared with that of the inputs?"
_SWITCH = "when are units dropped, and when not?"

forward = bugs_of(DROPOUT, "dropout_forward", "drawn_dropout_forward")
backward = bugs_of(DROPOUT, "dropout_backward", "drawn_dropout_backward")
drawn_forward = bugs_of(DROPOUT, "drawn_dropout_forward")
drawn_backward = bugs_of(DROPOUT, "drawn_dropout_backward")

DROPOUT_BUGS = (
    # ----------------------------------------------------------------------------------- forward
    forward(
        "not_scaled",
        "the units that are kept are not scaled up in training; inverted dropout divides them by "
        "the probability to be kept",
        _EXPECTED,
        mask=lambda q: 1.0 * q.kept,
    ),
    forward(
        "scaled_at_test_only",
        "units are scaled at test time instead of in training; inverted dropout scales in "
        "training and leaves the test alone",
        "which of the two modes should be as cheap as possible?",
        mask=lambda q: 1.0 * q.kept,
        test_mask=lambda q: q.share,
    ),
    forward(
        "scaled_at_test",
        "units are scaled at test time; the scaling in training has done that already",
        _EXPECTED,
        test_mask=lambda q: q.share,
    ),
    forward(
        "divided_at_test",
        "units are divided by the probability at test time; at test time nothing is done",
        _EXPECTED,
        test_mask=lambda q: 1 / q.share,
    ),
    forward(
        "multiplied_by_share",
        "the units that are kept are multiplied by the probability to be kept; they are divided "
        "by it",
        _EXPECTED,
        mask=lambda q: q.kept * q.share,
    ),
    forward(
        "divided_by_dropped_share",
        "the units that are kept are divided by the probability to be dropped; they are divided "
        "by the probability to be kept",
        _EXPECTED,
        mask=lambda q: q.kept / (1 - q.share),
    ),
    forward(
        "wrong_units_dropped",
        "the units that should be kept are dropped, and the other way round, while the scaling is "
        "right",
        "how many units are kept when p is nearly 1?",
        mask=lambda q: ~q.kept / q.share,
    ),
    forward(
        "nothing_dropped",
        "no unit is dropped in training, nor is any scaled: look for a comparison that is always "
        "true, such as one with p divided by p",
        "in which order are comparison and division carried out?",
        mask=lambda q: np.ones_like(q.x),
    ),
    forward(
        "scaled_but_not_dropped",
        "all units are scaled up in training and none is dropped",
        "where is the mask used?",
        mask=lambda q: np.ones_like(q.x) / q.share,
    ),
    forward(
        "dropped_at_test",
        "units are dropped in test mode, too; at test time all of them are used",
        _SWITCH,
        test_mask=lambda q: q.mask,
    ),
    forward(
        "modes_exchanged",
        "units are dropped in test mode and kept in training",
        _SWITCH,
        mask=lambda q: np.ones_like(q.x),
        test_mask=FORMULAS["mask"],
    ),
    drawn_forward(
        "normal_numbers",
        "the random numbers are normally distributed; a uniform one is less than p with "
        "probability p, a normal one is not",
        "what is the probability that a normal number is less than 0?",
        u=lambda q: np.random.default_rng(q.seed).standard_normal(q.x.shape),
    ),
    # ---------------------------------------------------------------------------------- backward
    backward(
        "backward_not_masked",
        "the gradient passes through units that were dropped",
        "which inputs did not matter for the output?",
        dx_train=lambda q: q.dout,
    ),
    backward(
        "backward_not_scaled",
        "the gradient is masked and not scaled; the forward pass has multiplied by the scale, too",
        "what was each input multiplied by?",
        dx_train=lambda q: q.dout * (q.back_mask != 0),
    ),
    backward(
        "backward_scaled_twice",
        "the gradient is scaled twice; the forward pass has scaled once",
        "what was each input multiplied by?",
        dx_train=lambda q: q.dout * q.back_mask**2,
    ),
    backward(
        "backward_multiplied_by_share",
        "the gradient is multiplied by the probability to be kept; it is divided by it",
        "what was each input multiplied by?",
        dx_train=lambda q: q.dout * (q.back_mask != 0) * q.share,
    ),
    backward(
        "backward_other_units",
        "the gradient passes through the units that were dropped and not through those that were "
        "kept",
        "which inputs did not matter for the output?",
        dx_train=lambda q: q.dout * (q.back_mask == 0) / q.share,
    ),
    backward(
        "backward_times_output",
        "the gradient is multiplied by the output; it is multiplied by the mask",
        "what was each input multiplied by?",
        dx_train=lambda q: q.dout * q.x * q.back_mask,
    ),
    backward(
        "backward_masked_at_test",
        "in test mode the gradient is scaled; the forward pass did nothing there",
        "what was each input multiplied by in test mode?",
        dx_test=lambda q: q.dout / q.p,
    ),
    backward(
        "backward_zero_at_test",
        "in test mode the gradient is zero; the forward pass has handed everything on",
        "what was each input multiplied by in test mode?",
        dx_test=lambda q: 0 * q.dout,
    ),
    drawn_backward(
        "fresh_mask",
        "the backward pass draws a mask of its own; it uses that of the forward pass",
        "which inputs did not matter for the output, and where is that remembered?",
        back_mask=lambda q: (np.random.default_rng().random(q.dout.shape) < q.share) / q.share,
    ),
)
