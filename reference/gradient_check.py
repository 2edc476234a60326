"""Is a gradient right? Compare it with differences of the function itself.

Source: course lecture "Backpropagation"; Stanford CS231n, notes on gradient checks. Measured on an
8-16-4 net with 400 samples in float64: h = 1e-5 leaves a norm ratio of 1e-10; larger steps cross
kinks of the ReLU, smaller ones drown in rounding; float32 is useless at every h.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.arrays import Array


def numerical_gradient(
    f: Callable[[Array], Array | float],
    x: Array,
    dout: Array | float = 1.0,
    h: float = 1e-5,
) -> Array:
    """Central differences, dx_i = Σ dout (f(x + h e_i) - f(x - h e_i)) / (2 h).

    Args:
        f: a function of x with a number or an array as its value
        x: any shape, float64; each entry is changed in place for a moment and restored exactly,
            so f may also reach x through another name. Of whole numbers a copy is taken, as floats
        dout: the gradient of the loss with respect to f(x); 1 when f is the loss
        h: the step

    Returns:
        dx: the shape of x

    Raises:
        TypeError: x is less precise than float64; the differences would drown in rounding.
    """
    if x.dtype.kind in "biu":
        x = x.astype(np.float64)
    if x.dtype.kind != "f" or x.dtype.itemsize < 8:
        raise TypeError(f"differences need float64, not {x.dtype}")
    dx = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = np.array(f(x))
        x[index] = kept - h
        below = np.array(f(x))
        x[index] = kept
        dx[index] = np.sum(dout * (above - below)) / (2 * h)
    return dx


def cubic_map(w: Array) -> Callable[[Array], Array]:
    """A function to try gradients on: f(x) = (x w)³, each entry of the product cubed.

    Its central difference along entry d of x is 3 (x w)² w_d + h² w_d³; a one-sided one has a term
    in h as well, 3 h (x w) w_d².

    Args:
        w: (D,) or (D, M)

    Returns:
        f: x (..., D) -> (...,) or (..., M)
    """
    return lambda x: (x @ w) ** 3


def relative_error(a: Array, n: Array) -> float:
    """The largest |a - n| / max(1e-8, |a| + |n|): the number that the course prints.

    Above 1e-2 a gradient is wrong, below 1e-7 it is right; in between it depends on kinks.
    """
    return float(np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n)), initial=0.0))


def norm_ratio(a: Array, n: Array) -> float:
    """‖a - n‖ / (‖a‖ + ‖n‖): one number for the whole array, deaf to rounding in tiny entries.

    0 when both are zero.
    """
    scale = np.linalg.norm(a) + np.linalg.norm(n)
    return float(np.linalg.norm(a - n) / scale) if scale else 0.0
