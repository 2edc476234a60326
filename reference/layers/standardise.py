"""Standardising: the arithmetic that batch, layer and group normalisation share.

All three view their input as (A, G, B) and make each of the G groups have mean 0 and variance 1;
they differ in which values form a group.

Source: Ioffe, Szegedy 2015, "Batch Normalization", algorithm 1 and the derivatives below it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reference.arrays import Array
from reference.layers.whole_rows import whole_rows


@dataclass(frozen=True)
class Standardised:
    """Standardised values, and what they were standardised with."""

    out: Array
    """(A, G, B), gamma x_hat + beta"""
    mean: Array
    """(G,)"""
    var: Array
    """(G,), divided by the number of values, not by one less."""
    scale: Array
    """(G,), 1 / sqrt(var + eps)"""


def standardise(
    x: Array, eps: float, gamma: Array | None = None, beta: Array | None = None
) -> Standardised:
    """Forward: out = gamma x_hat + beta with x_hat = (x - mean) / sqrt(var + eps).

    Args:
        x: (A, G, B); all values with the same middle index are a group
        eps: keeps the root away from 0
        gamma: (G,); None for ones
        beta: (G,); None for zeros
    """
    mean = x.sum(axis=(0, 2)) / _size(x)
    with whole_rows(_row(x)):
        # One array all the way: fresh memory costs as much as the arithmetic.
        out = centre(x, mean)
        var = sum_of_products(out, out) / _size(x)
        scale = 1 / np.sqrt(var + eps)
        out *= (scale if gamma is None else gamma * scale)[:, np.newaxis]
        if beta is not None:
            out += beta[:, np.newaxis]
    return Standardised(out, mean, var, scale)


def centre(x: Array, mean: Array) -> Array:
    """Subtract the mean of each group."""
    with whole_rows(_row(x)):
        return x - mean[:, np.newaxis]


def standardise_backward(dout: Array, x_hat: Array, factor: Array) -> tuple[Array, Array, Array]:
    """Backward: dx = factor (dout - mean(dout) - x_hat mean(dout x_hat)).

    The means are each group's. x reaches x_hat in three ways: directly, and through its group's
    mean and variance.

    Args:
        dout: (A, G, B), the gradient with respect to x_hat
        x_hat: (A, G, B), from standardise
        factor: (G,), its scale; times a constant when that was left out of dout

    Returns:
        dx: (A, G, B)
        sums: (G,), Σ dout
        products: (G,), Σ dout x_hat
    """
    return centred_backward(dout, x_hat.copy(), np.ones_like(factor), factor)


def centred_backward(
    dout: Array, centred: Array, scale: Array, factor: Array
) -> tuple[Array, Array, Array]:
    """The same for x_hat = scale centred, where centred = x - mean; its memory becomes dx."""
    sums, products = dout.sum(axis=(0, 2)), scale * sum_of_products(dout, centred)
    dx = centred
    with whole_rows(_row(dx)):
        dx *= (scale * products / -_size(dout))[:, np.newaxis]
        dx += dout
        dx -= (sums / _size(dout))[:, np.newaxis]
        dx *= factor[:, np.newaxis]
    return dx, sums, products


def sum_of_products(one: Array, two: Array) -> Array:
    """Σ one two over each group: (G,), without an array of the products."""
    if one.shape[2] == 1:  # there is nothing to sum along the last axis
        one, two = one[:, :, 0], two[:, :, 0]
        return np.einsum("ag,ag->g", one, two)  # type: ignore[no-any-return]
    rows = one[:, :, np.newaxis, :] @ two[:, :, :, np.newaxis]  # (A, G, 1, 1)
    return rows.sum(axis=(0, 2, 3))  # type: ignore[no-any-return]


def _row(x: Array) -> int:
    """How many values lie side by side that are treated alike, or that an operand has as well."""
    _, G, B = x.shape
    return int(G if B == 1 else B)


def _size(x: Array) -> int:
    A, _, B = x.shape
    return int(A * B)
