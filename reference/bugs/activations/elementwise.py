"""Activations that look at one value at a time: what their formulas and mistakes have in common.

out = f(x),  dx = dout f'(x)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import Bug
from reference.bugs.sheet import Family, Formula, Formulas, Sheet, Signature

Array = NDArray[Any]


def elementwise(name: str, out: Formula, derivative: Formula, parameter: str = "") -> Family:
    """The family of ``<name>_forward(x, parameter)`` and ``<name>_backward(dout, cache)``.

    Args:
        name: of the activation.
        out: the sheet -> f(q.x).
        derivative: the sheet -> f' at q.point, which is x.
        parameter: of the forward function, if it has one.
    """
    formulas: Formulas = {
        "out": out,
        "point": lambda q: q.x,
        "derivative": derivative,
        "upstream": lambda q: q.dout,
        "dx": lambda q: q.upstream * q.derivative,
    }
    kept = ("x", parameter) if parameter else ("x",)

    def forward(*args: Any) -> dict[str, Any]:
        return dict(zip(kept, args, strict=True))

    def answer(q: Sheet) -> tuple[Any, dict[str, Any]]:
        return q.out, {each: getattr(q, each) for each in kept}

    def backward(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
        return {"dout": dout, **cache}

    signatures = {
        f"{name}_forward": Signature(forward, answer),
        f"{name}_backward": Signature(backward, lambda q: q.dx),
    }
    return Family(name, formulas, signatures)


def chain_rule_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes in any backward pass of the kind; ``bug`` is the word of its table."""
    return (
        bug(
            "no_upstream",
            "dx is the derivative alone; it should be multiplied with the upstream gradient",
            "chain rule: derivative times what comes from above",
            upstream=lambda q: np.ones_like(q.dout),
        ),
        bug(
            "upstream_passed_on",
            "the upstream gradient is passed on as it is (or the mask is true everywhere); it "
            "should be multiplied with the derivative",
            "chain rule: derivative times what comes from above",
            derivative=lambda q: np.ones_like(q.x),
        ),
        bug(
            "derivative_at_upstream",
            "the derivative is taken at the upstream gradient; it should be taken at the input of "
            "the forward pass",
            "at which point of the curve were you in the forward pass?",
            point=lambda q: q.dout,
        ),
        bug(
            "times_output",
            "the upstream gradient is multiplied with the output; it should be with the derivative",
            "what is the slope of the curve, and what its height?",
            derivative=lambda q: q.out,
        ),
        bug(
            "times_input",
            "the upstream gradient is multiplied with the input; it should be with the derivative",
            "what is the slope of the curve at the input?",
            derivative=lambda q: q.x,
        ),
        bug(
            "sign_flipped",
            "dx has the wrong sign; where the curve rises, a gradient keeps its sign",
            "the minus of gradient descent belongs to the update, not to the gradient",
            upstream=lambda q: -q.dout,
        ),
        bug(
            "divided_by_batch",
            "dx is divided by the number of samples; that mean belongs to the loss, and the "
            "upstream gradient contains it",
            "where in the forward pass of this layer is a mean over samples?",
            upstream=lambda q: q.dout / len(q.dout),
        ),
    )


def smooth_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Two more, which are one and the same where the curve is made of straight lines."""
    return (
        bug(
            "input_for_upstream",
            "the derivative is multiplied with the input; it should be with the upstream gradient",
            "chain rule: derivative times what comes from above",
            upstream=lambda q: q.x,
        ),
        bug(
            "output_returned",
            "the backward pass returns the output of the forward pass; it should return a gradient",
            "where does your backward pass use dout?",
            dx=lambda q: q.out,
        ),
    )


def straight_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Both in one."""
    return (
        bug(
            "output_returned",
            "the backward pass gives the output of the forward pass, the input times the "
            "derivative; the upstream gradient should stand where the input does",
            "chain rule: derivative times what comes from above",
            upstream=lambda q: q.x,
        ),
    )
