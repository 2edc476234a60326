"""Affine layer: every output is a weighted sum of all inputs.

Source: course lecture "Neural networks"; names and shapes follow Stanford's CS231n.
"""

from __future__ import annotations

from reference.arrays import Array

AffineCache = tuple[Array, Array]


def affine_forward(x: Array, w: Array, b: Array) -> tuple[Array, AffineCache]:
    """Forward: out = x w + b, each sample flattened to a row first.

    Args:
        x: (N, d_1, ..., d_k) with d_1 * ... * d_k = D
        w: (D, M)
        b: (M,)

    Returns:
        out: (N, M)
        cache: what affine_backward needs

    Raises:
        ValueError: a sample of x has not D values.
    """
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w)


def affine_backward(dout: Array, cache: AffineCache) -> tuple[Array, Array, Array]:
    """Backward: dx = dout wᵀ, dw = xᵀ dout, db = Σ_n dout_n.

    Args:
        dout: (N, M), the gradient of the loss with respect to out
        cache: from affine_forward

    Returns:
        dx, dw, db: gradients with the shapes of x, w and b
    """
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db
