"""Maxout: the largest of several affine maps, a piecewise linear activation that is learnt.

Source: Goodfellow et al. 2013; course lecture "Activation functions", which has two maps,
max(w1ᵀx + b1, w2ᵀx + b2).
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Labels

MaxoutCache = tuple[Array, Array, Labels]


def maxout_forward(x: Array, w: Array, b: Array) -> tuple[Array, MaxoutCache]:
    """Forward: out[n, m] = max over k of (x w_k + b_k)[n, m].

    Args:
        x: (N, D)
        w: (K, D, M), the weights of K affine maps
        b: (K, M), their biases

    Returns:
        out: (N, M)
        cache: what maxout_backward needs

    Raises:
        ValueError: a sample of x has not D values.
    """
    maps = x @ w + b[:, np.newaxis, :]  # (K, N, M)
    return maps.max(axis=0), (x, w, maps.argmax(axis=0))


def maxout_backward(dout: Array, cache: MaxoutCache) -> tuple[Array, Array, Array]:
    """Backward: each entry of dout goes to the map that was the largest there (at a tie the first).

    With d_k = dout where map k was the largest, else 0: dx = Σ_k d_k w_kᵀ, dw_k = xᵀ d_k,
    db_k = Σ_n d_k[n].

    Args:
        dout: (N, M), the gradient of the loss with respect to out
        cache: from maxout_forward

    Returns:
        dx, dw, db: gradients with the shapes of x, w and b
    """
    x, w, winner = cache
    K = len(w)
    dmaps = dout * (winner == np.arange(K)[:, np.newaxis, np.newaxis])  # (K, N, M)
    dx = (dmaps @ w.transpose(0, 2, 1)).sum(axis=0)
    return dx, x.T @ dmaps, dmaps.sum(axis=1)
