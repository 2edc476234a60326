"""Initialisers as tables of formulas, and the mistakes in them.

w = z deviation;  small Gaussian: scale, Xavier: √(1 / n), He: √(2 / n)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reference.bugs.bug import Bug, bugs_of
from reference.bugs.sheet import Family, Formula, Formulas, Sheet, Signature

_CONVOLUTION = 4


def _fan_in(q: Sheet) -> int:
    shape = q.z.shape
    return math.prod(shape[1:]) if len(shape) == _CONVOLUTION else int(shape[0])


def _fan_out(q: Sheet) -> int:
    shape = q.z.shape
    return math.prod((shape[0], *shape[2:])) if len(shape) == _CONVOLUTION else int(shape[1])


def _family(function: str, *parameters: str, **formulas: Formula) -> Family:
    every: Formulas = {
        "n": _fan_in,
        "w": lambda q: q.z * q.deviation,
        **formulas,
    }

    def given(*values: Any) -> dict[str, Any]:
        return dict(zip(("z", *parameters), values, strict=True))

    return Family(function, every, {function: Signature(given, lambda q: q.w)})


SMALL = _family("small_gaussian_init", "scale", deviation=lambda q: q.scale)
XAVIER = _family("xavier_init", gain=lambda _: 1, deviation=lambda q: np.sqrt(q.gain / q.n))
HE = _family("he_init", gain=lambda _: 2, deviation=lambda q: np.sqrt(q.gain / q.n))

small_bug = bugs_of(SMALL)
xavier_bug = bugs_of(XAVIER)
he_bug = bugs_of(HE)


def _spatial_only(q: Sheet) -> int:
    return math.prod(q.z.shape[2:]) if q.z.ndim == _CONVOLUTION else _fan_in(q)


def _fan_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes in counting the inputs of a unit."""
    return (
        bug(
            "fan_out",
            "the outputs of the layer are counted; it should be the inputs of a unit",
            "how many terms has the sum that a unit computes?",
            n=_fan_out,
        ),
        bug(
            "filters_counted",
            "the first axis is counted for a convolution, too, which is the number of filters; the "
            "inputs of a filter are its channels and pixels",
            "how many terms has the sum that a filter computes?",
            n=lambda q: q.z.shape[0],
        ),
        bug(
            "second_axis",
            "the second axis is counted: the outputs of an affine layer, or the channels of a "
            "convolution without its pixels; it should be the inputs of a unit",
            "how many terms has the sum that a unit computes?",
            n=lambda q: q.z.shape[1],
        ),
        bug(
            "channels_only",
            "the pixels of a filter are not counted, only its channels; both are inputs",
            "how many terms has the sum that a filter computes?",
            n=lambda q: q.z.shape[1] if q.z.ndim == _CONVOLUTION else q.z.shape[0],
        ),
        bug(
            "pixels_only",
            "the channels of a filter are not counted, only its pixels; both are inputs",
            "how many terms has the sum that a filter computes?",
            n=_spatial_only,
        ),
        bug(
            "all_weights",
            "all weights of the layer are counted; it should be the inputs of a single unit",
            "how many terms has the sum that a unit computes?",
            n=lambda q: q.z.size,
        ),
        bug(
            "all_but_first_axis",
            "the inputs are counted as for a convolution, all axes but the first, for an affine "
            "layer, too; there they are the first axis",
            "which axis of an affine layer's weights belongs to the inputs?",
            n=lambda q: math.prod(q.z.shape[1:]),
        ),
        bug(
            "times_root",
            "the numbers are multiplied with the root of the inputs' count; they should be divided "
            "by it",
            "should units with many inputs have larger weights or smaller ones?",
            deviation=lambda q: np.sqrt(q.gain * q.n),
        ),
    )


SMALL_BUGS = (
    small_bug(
        "scale_fixed",
        "the numbers are always multiplied with 0.01; it should be with the scale that is given",
        "where does your code use scale?",
        deviation=lambda _: 0.01,
    ),
    small_bug(
        "not_scaled",
        "the numbers come back as they are; they should be multiplied with the scale",
        "where does your code use scale?",
        deviation=lambda _: 1,
    ),
    small_bug(
        "divided",
        "the numbers are divided by the scale; they should be multiplied with it",
        "are your weights small?",
        deviation=lambda q: 1 / q.scale,
    ),
    small_bug(
        "variance_for_deviation",
        "the scale is taken for the variance: its root is used; it is the standard deviation",
        "how are variance and standard deviation related?",
        deviation=lambda q: np.sqrt(q.scale),
    ),
    small_bug(
        "scale_squared",
        "the scale is squared; the numbers should be multiplied with it once",
        "how are variance and standard deviation related?",
        deviation=lambda q: q.scale**2,
    ),
    small_bug(
        "scale_added",
        "the scale is added to the numbers; they should be multiplied with it",
        "are your weights small?",
        w=lambda q: q.z + q.scale,
    ),
    small_bug(
        "positive",
        "all weights are positive; they should have both signs",
        "what is the mean of your weights?",
        w=lambda q: np.abs(q.z) * q.scale,
    ),
    small_bug(
        "zeros",
        "all weights are 0, so all units learn the same; they should be random",
        "in what do two units of your layer differ?",
        w=lambda q: np.zeros_like(q.z),
    ),
    small_bug(
        "xavier",
        "this is Xavier's initialisation, which divides by the root of the inputs' count; here the "
        "scale is given",
        "where does your code use scale?",
        deviation=lambda q: np.sqrt(1 / q.n),
    ),
)

XAVIER_BUGS = (
    *_fan_bugs(xavier_bug),
    xavier_bug(
        "no_root",
        "the numbers are divided by the count of inputs; it should be by its square root",
        "how are variance and standard deviation related?",
        deviation=lambda q: 1 / q.n,
    ),
    xavier_bug(
        "not_scaled",
        "the numbers come back as they are; they should be divided by the root of the inputs' "
        "count",
        "where does your code use the shape of z?",
        deviation=lambda _: 1,
    ),
    xavier_bug(
        "he",
        "this is He's initialisation, which has a factor of 2 under the root; Xavier's has none",
        "which of the two was made for the ReLU?",
        deviation=lambda q: np.sqrt(2 / q.n),
    ),
    xavier_bug(
        "uniform_bound",
        "the bound of the uniform variant, with 6 under the root, multiplies normal numbers; their "
        "standard deviation is wanted",
        "what is the standard deviation of uniform numbers up to a bound?",
        deviation=lambda q: np.sqrt(6 / (_fan_in(q) + _fan_out(q))),
    ),
    xavier_bug(
        "small_gaussian",
        "the numbers are multiplied with 0.01, whatever the shape; they should be divided by the "
        "root of the inputs' count",
        "where does your code use the shape of z?",
        deviation=lambda _: 0.01,
    ),
    xavier_bug(
        "also_small",
        "the result is multiplied with 0.01 as well; the root alone sets the scale",
        "how much should the outputs of a layer vary?",
        deviation=lambda q: 0.01 * np.sqrt(1 / q.n),
    ),
)

HE_BUGS = (
    *_fan_bugs(he_bug),
    he_bug(
        "xavier",
        "the 2 under the root is missing, which makes this Xavier's initialisation",
        "which share of its inputs does a ReLU cut off?",
        deviation=lambda q: np.sqrt(1 / q.n),
    ),
    he_bug(
        "two_outside_root",
        "the 2 stands outside the root; it belongs under it",
        "by how much should the variance of Xavier's weights grow?",
        deviation=lambda q: 2 / np.sqrt(q.n),
    ),
    he_bug(
        "no_root",
        "the root is missing: 2 divided by the count of inputs is the variance",
        "how are variance and standard deviation related?",
        deviation=lambda q: 2 / q.n,
    ),
    he_bug(
        "root_of_two_over_n",
        "the root is taken of the 2 alone; it should be of the whole quotient",
        "how are variance and standard deviation related?",
        deviation=lambda q: np.sqrt(2) / q.n,
    ),
    he_bug(
        "two_below",
        "the 2 divides; it should multiply: a ReLU needs larger weights, not smaller ones",
        "which share of its inputs does a ReLU cut off?",
        deviation=lambda q: np.sqrt(1 / (2 * q.n)),
    ),
    he_bug(
        "fan_in_and_out",
        "inputs and outputs are counted, as in Xavier's paper; He's has the inputs only",
        "how many terms has the sum that a unit computes?",
        deviation=lambda q: np.sqrt(2 / (_fan_in(q) + _fan_out(q))),
    ),
    he_bug(
        "uniform_bound",
        "the bound of the uniform variant, with 6 under the root, multiplies normal numbers; their "
        "standard deviation is wanted",
        "what is the standard deviation of uniform numbers up to a bound?",
        deviation=lambda q: np.sqrt(6 / q.n),
    ),
    he_bug(
        "not_scaled",
        "the numbers come back as they are; they should be scaled by the inputs' count",
        "where does your code use the shape of z?",
        deviation=lambda _: 1,
    ),
    he_bug(
        "small_gaussian",
        "the numbers are multiplied with 0.01, whatever the shape; they should be scaled by the "
        "inputs' count",
        "where does your code use the shape of z?",
        deviation=lambda _: 0.01,
    ),
    he_bug(
        "also_small",
        "the result is multiplied with 0.01 as well; the root alone sets the scale",
        "how much should the outputs of a layer vary?",
        deviation=lambda q: 0.01 * np.sqrt(2 / q.n),
    ),
)
