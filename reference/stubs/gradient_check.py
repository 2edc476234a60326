"""Checking gradients."""

import numpy as np


def cubic_map(w):
    """Make a function to try gradients on: f(x) = (x @ w) ** 3.

    Args:
        w: (D,) or (D, M).

    Returns:
        f: a function of x alone. With x of shape (N, D) or (D,), it gives the cubes of the entries
            of x @ w.
    """
    raise NotImplementedError("write cubic_map, which returns a function")


def numerical_gradient(f, x, dout=1.0, h=1e-5):
    """The gradient of f by central differences.

    For each entry of x: the value of f with that entry h larger, less its value with the entry h
    smaller, divided by 2 h; then, as f may have many outputs, the sum over the outputs, each times
    its entry of dout. Leave x as it was.

    Args:
        f: a function of x; its value is a number or an array.
        x: any shape. It may hold whole numbers.
        dout: the shape of f(x), the gradient of the loss with respect to f(x); 1.0 for a number.
        h: the step.

    Returns:
        dx: the shape of x.
    """
    raise NotImplementedError("write numerical_gradient")


def relative_error(a, n):
    """How far two gradients disagree: the largest |a - n| / max(1e-8, |a| + |n|) of an entry.

    Args:
        a: any shape, the analytic gradient.
        n: the same shape, the numerical gradient.

    Returns:
        error: a number.
    """
    raise NotImplementedError("write relative_error")


def norm_ratio(a, n):
    """How far two gradients disagree on the whole: norm(a - n) / (norm(a) + norm(n)).

    The norm is the root of the sum of all squares. Two gradients of zeros do not disagree: 0.

    Args:
        a: any shape, the analytic gradient.
        n: the same shape, the numerical gradient.

    Returns:
        ratio: a number.
    """
    raise NotImplementedError("write norm_ratio")
