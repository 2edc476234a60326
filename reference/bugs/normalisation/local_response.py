"""Local response normalisation as a table of formulas, and its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]


def _near(C: int, before: int, after: int) -> Array:
    """(C, C): 1 where channel j is among the neighbours of channel c."""
    distance = np.arange(C) - np.arange(C)[:, np.newaxis]
    return ((distance >= -before) & (distance <= after)).astype(np.float64)


def _half(q: Sheet) -> int:
    if q.n < 1 or q.n % 2 == 0:
        raise ValueError(f"a window of {q.n} channels has no middle")
    return int(q.n) // 2


def _added(near: Array, values: Array) -> Array:
    """The sum over each channel's neighbours; values (N, C, H, W)."""
    return np.moveaxis(np.tensordot(near.astype(values.dtype), values, (1, 1)), 0, 1)


FORMULAS: Formulas = {
    "half": _half,
    "near": lambda q: _near(q.x.shape[1], q.half, q.half),
    "squares": lambda q: q.x**2,
    "summed": lambda q: _added(q.near, q.squares),
    "strength": lambda q: q.alpha,
    "s": lambda q: q.k + q.strength * q.summed,
    "out": lambda q: q.x * q.s**-q.beta,
    # ---------------------------------------------------------------------------------- backward
    "direct": lambda q: q.dout * q.s**-q.beta,
    "factor": lambda q: 2 * q.strength * q.beta,
    "damped": lambda q: q.dout * q.x * q.s ** (-q.beta - 1),
    "returned": lambda q: _added(q.near.T, q.damped),
    "dx": lambda q: q.direct - q.factor * q.x * q.returned,
}


def _given(x: Array, lrn_param: Mapping[str, float]) -> dict[str, Any]:
    return {"x": x, **lrn_param}


LRN = Family(
    "lrn",
    FORMULAS,
    {
        "lrn_forward": Signature(
            _given,
            lambda q: (q.out, {n: getattr(q, n) for n in ("x", "k", "n", "alpha", "beta")}),
        ),
        "lrn_backward": Signature(lambda dout, cache: {"dout": dout, **cache}, lambda q: q.dx),
    },
)

_WINDOW = "write down by hand which channels belong to the first and to the middle channel"

forward = bugs_of(LRN, "lrn_forward")
backward = bugs_of(LRN, "lrn_backward")

LRN_BUGS = (
    # ----------------------------------------------------------------------------------- forward
    forward(
        "window_twice_as_wide",
        "the window reaches n channels to each side; it has n channels in all",
        _WINDOW,
        half=lambda q: q.n,
    ),
    forward(
        "window_without_last",
        "the window lacks its last channel: it has n - 1",
        "does a slice contain its end?",
        near=lambda q: _near(q.x.shape[1], q.half, q.half - 1),
    ),
    forward(
        "window_to_one_side",
        "the window begins at the channel itself; the channel is in its middle",
        _WINDOW,
        near=lambda q: _near(q.x.shape[1], 0, q.n - 1),
    ),
    forward(
        "window_wraps_around",
        "at the first and last channels the window goes on at the other end; it is cut off there",
        "what comes before the first channel?",
        near=lambda q: sum(
            np.roll(np.eye(q.x.shape[1]), shift, axis=1) for shift in range(-q.half, q.half + 1)
        ),
    ),
    forward(
        "window_without_itself",
        "a channel is not among its own neighbours; the sum includes it",
        _WINDOW,
        near=lambda q: _near(q.x.shape[1], q.half, q.half) - np.eye(q.x.shape[1]),
    ),
    forward(
        "all_channels",
        "all channels are added up; only n neighbouring ones are",
        "which of the parameters does your code never read?",
        near=lambda q: np.ones((q.x.shape[1], q.x.shape[1])),
    ),
    forward(
        "only_itself",
        "each channel is divided by its own square only; the neighbours' are added to it",
        _WINDOW,
        near=lambda q: np.eye(q.x.shape[1]),
    ),
    forward(
        "not_squared",
        "the values themselves are added up; their squares are",
        "can the sum under the power be negative?",
        squares=lambda q: q.x,
    ),
    forward(
        "absolute_values",
        "absolute values are added up; squares are",
        "look at the formula once more",
        squares=lambda q: np.abs(q.x),
    ),
    forward(
        "alpha_missing",
        "alpha is not used; it multiplies the sum of squares",
        "which of the parameters does your code never read?",
        strength=lambda _: 1.0,
    ),
    forward(
        "k_missing",
        "k is not used; it is added to the sum",
        "what happens where all neighbours are 0?",
        s=lambda q: q.alpha * q.summed,
    ),
    forward(
        "k_scaled",
        "alpha multiplies k, too; it multiplies the sum of squares only",
        "look for a misplaced parenthesis",
        s=lambda q: q.alpha * (q.k + q.summed),
    ),
    forward(
        "beta_missing",
        "the values are divided by the sum itself; they are divided by its power beta",
        "which of the parameters does your code never read?",
        out=lambda q: q.x / q.s,
    ),
    forward(
        "multiplied",
        "the values are multiplied by the power; they are divided by it",
        "should strong neighbours damp a value or raise it?",
        out=lambda q: q.x * q.s**q.beta,
    ),
    # ---------------------------------------------------------------------------------- backward
    backward(
        "neighbours_missing",
        "dx has only the part in which the sum is constant; the sum depends on x, too",
        "which outputs depend on one value of x?",
        dx=lambda q: q.direct,
    ),
    backward(
        "only_itself_in_backward",
        "dx lacks the parts that come from neighbouring channels; a value damps those, too",
        "which outputs depend on one value of x?",
        returned=lambda q: q.damped,
    ),
    backward(
        "factor_two_missing",
        "the part of dx that goes through the sum is half as large as it should be",
        "what is the derivative of a square?",
        factor=lambda q: q.alpha * q.beta,
    ),
    backward(
        "sign_of_sum",
        "the part of dx that goes through the sum is added; it is subtracted",
        "should strong neighbours damp a value or raise it?",
        dx=lambda q: q.direct + q.factor * q.x * q.returned,
    ),
    backward(
        "power_not_lowered",
        "the part of dx that goes through the sum has the power of the forward pass; taking the "
        "derivative changes it by one",
        "what is the derivative of a power?",
        damped=lambda q: q.dout * q.x * q.s**-q.beta,
    ),
    backward(
        "factors_at_wrong_channel",
        "in the part of dx that goes through the sum, the upstream gradient and the sum are taken "
        "at the value's own channel; they belong to the channels it damps",
        "which outputs depend on one value of x, and through which sums?",
        returned=lambda q: q.dout * q.s ** (-q.beta - 1) * _added(q.near, q.x),
    ),
    backward(
        "beta_missing_in_backward",
        "the part of dx that goes through the sum lacks the factor beta",
        "what is the derivative of a power?",
        factor=lambda q: 2 * q.alpha,
    ),
    backward(
        "alpha_missing_in_backward",
        "the part of dx that goes through the sum lacks the factor alpha",
        "what does the sum of squares stand beside in the forward pass?",
        factor=lambda q: 2 * q.beta,
    ),
    backward(
        "window_in_backward_twice_as_wide",
        "in the backward pass the window reaches n channels to each side; it has n in all",
        _WINDOW,
        returned=lambda q: _added(_near(q.x.shape[1], q.n, q.n), q.damped),
    ),
)
