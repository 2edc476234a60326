"""Local response normalisation: a pixel is damped by what neighbouring channels have there.

Source: Krizhevsky, Sutskever, Hinton 2012, section 3.3. As in the paper, alpha multiplies the sum
of squares; PyTorch and Caffe divide it by n first, so that their alpha is n times ours.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array

LRNCache = tuple[Array, Array, Mapping[str, float]]


def lrn_forward(x: Array, lrn_param: Mapping[str, float]) -> tuple[Array, LRNCache]:
    """Forward: out[c] = x[c] / s[c]^beta with s[c] = k + alpha Σ_j x[j]², pixel by pixel.

    j runs over the n channels from c - (n-1)/2 to c + (n-1)/2, as far as they exist.

    Args:
        x: (N, C, H, W), images
        lrn_param: k, n (an odd number), alpha and beta; the paper has 2, 5, 1e-4 and 0.75

    Returns:
        out: (N, C, H, W)
        cache: what lrn_backward needs

    Raises:
        ValueError: n is not an odd number of channels.
    """
    s = lrn_param["k"] + lrn_param["alpha"] * _neighbours(x * x, int(lrn_param["n"]))
    return x * s ** -lrn_param["beta"], (x, s, lrn_param)


def lrn_backward(dout: Array, cache: LRNCache) -> Array:
    """Backward: a pixel has damped itself and its neighbours.

    dx[c] = dout[c] s[c]^-beta - 2 alpha beta x[c] Σ_j dout[j] x[j] s[j]^(-beta-1)

    Args:
        dout: (N, C, H, W), the gradient of the loss with respect to out
        cache: from lrn_forward

    Returns:
        dx: (N, C, H, W)
    """
    x, s, param = cache
    alpha, beta, n = param["alpha"], param["beta"], int(param["n"])
    damped = dout * s**-beta
    return damped - 2 * alpha * beta * x * _neighbours(damped * x / s, n)


def _neighbours(values: Array, n: int) -> Array:
    """The sum over the n channels around each; values (N, C, H, W)."""
    if n < 1 or n % 2 == 0:
        raise ValueError(f"{n} channels have no middle; n should be odd")
    C = values.shape[1]
    sums = np.zeros_like(values)
    for shift in range(-min(n // 2, C - 1), min(n // 2, C - 1) + 1):
        sums[:, max(0, -shift) : C - max(0, shift)] += values[:, max(0, shift) : C - max(0, -shift)]
    return sums
