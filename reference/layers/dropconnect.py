"""DropConnect: dropout of the weights of an affine layer, instead of its units.

The weights that are kept are scaled up, as in inverted dropout, so that nothing is done at test
time; all samples of a batch share one mask.

Source: Wan et al. 2013, "Regularization of Neural Networks using DropConnect" (whose test time
draws from a normal approximation instead); scaling as in Srivastava et al. 2014.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference.arrays import Array
from reference.layers.dropout import kept_weights

DropConnectCache = tuple[Array, Array, Array | None]


def dropconnect_forward(
    x: Array, w: Array, b: Array, dropconnect_param: Mapping[str, Any]
) -> tuple[Array, DropConnectCache]:
    """Forward: out = x (w m) + b with m = [u < p] / p in mode "train", m = 1 in mode "test".

    Args:
        x: (N, D)
        w: (D, M)
        b: (M,), never dropped
        dropconnect_param: p, the probability that a weight is kept; mode; u, (D, M) uniform
            numbers: in mode "train" a weight is kept where u < p

    Returns:
        out: (N, M)
        cache: what dropconnect_backward needs

    Raises:
        ValueError: the mode is neither "train" nor "test".
    """
    mask = kept_weights(dropconnect_param)
    used = w if mask is None else w * mask
    return x @ used + b, (x, used, mask)


def dropconnect_backward(dout: Array, cache: DropConnectCache) -> tuple[Array, Array, Array]:
    """Backward: dx = dout (w m)ᵀ, dw = m xᵀ dout, db = Σ_n dout_n.

    Args:
        dout: (N, M), the gradient of the loss with respect to out
        cache: from dropconnect_forward

    Returns:
        dx, dw, db: gradients with the shapes of x, w and b
    """
    x, used, mask = cache
    dw = x.T @ dout
    return dout @ used.T, dw if mask is None else dw * mask, dout.sum(axis=0)
