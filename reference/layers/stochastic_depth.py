"""Stochastic depth: in training, a residual block's branch is left out for some samples.

As in the paper the branch is scaled at test time, by the probability that it is kept; the paper
decides for a whole batch at once, we for each sample, as later code does.

Source: Huang et al. 2016, "Deep Networks with Stochastic Depth", equations 2 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.arrays import Array


def stochastic_depth_forward(
    x: Array, branch: Array, depth_param: Mapping[str, Any]
) -> tuple[Array, Array]:
    """Forward: out = x + [u < p] branch in mode "train", out = x + p branch in mode "test".

    Args:
        x: (N, ...), what the shortcut carries
        branch: the shape of x, what the block's layers have made of x
        depth_param: p, the probability that the branch is kept; mode; u, (N,) uniform
            numbers: in mode "train" a sample's branch is kept where u < p

    Returns:
        out: the shape of x
        cache: what stochastic_depth_backward needs

    Raises:
        ValueError: the mode is neither "train" nor "test".
    """
    if depth_param["mode"] not in ("train", "test"):
        raise ValueError(f"stochastic depth has no mode {depth_param['mode']!r}")
    weight = np.full(len(x), depth_param["p"])
    if depth_param["mode"] == "train":
        weight = (depth_param["u"] < depth_param["p"]).astype(np.float64)
    weight = weight.reshape(-1, *(1 for _ in x.shape[1:]))
    return x + weight * branch, weight


def stochastic_depth_backward(dout: Array, cache: Array) -> tuple[Array, Array]:
    """Backward: dx = dout, dbranch = dout times the branch's weight in the forward pass.

    Args:
        dout: the gradient of the loss with respect to out
        cache: from stochastic_depth_forward

    Returns:
        dx, dbranch: gradients with the shapes of x and branch
    """
    return dout.copy(), dout * cache
