"""Inverted dropout: in training each unit is silenced at random, and the others are scaled up.

Because of the scaling a unit's expected value stays what it is, and nothing is done at test time.
What is random is an argument: ``u``, uniform numbers, one for each unit. The functions that draw
for themselves, as CS231n's do, are these with numbers of their own.

Source: Srivastava et al. 2014, "Dropout", section 10 for the scaling; names and shapes follow
Stanford's CS231n, where p is the probability that a unit is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.arrays import Array

DropoutCache = Array | None


def dropout_forward(x: Array, dropout_param: Mapping[str, Any]) -> tuple[Array, DropoutCache]:
    """Forward: out = x [u < p] / p in mode "train", out = x in mode "test".

    Args:
        x: any shape
        dropout_param: p, the probability that a unit is kept; mode; u, uniform numbers of
            the shape of x: in mode "train" a unit is kept where u < p

    Returns:
        out: the shape of x
        cache: what dropout_backward needs

    Raises:
        ValueError: the mode is neither "train" nor "test".
    """
    mask = kept_weights(dropout_param)
    return (x.copy() if mask is None else x * mask), mask


def dropout_backward(dout: Array, cache: DropoutCache) -> Array:
    """Backward: dx = dout [u < p] / p after mode "train", dx = dout after mode "test".

    Args:
        dout: the gradient of the loss with respect to out
        cache: from dropout_forward

    Returns:
        dx: the shape of x
    """
    return dout.copy() if cache is None else dout * cache


def drawn_dropout_forward(x: Array, dropout_param: Mapping[str, Any]) -> tuple[Array, DropoutCache]:
    """Forward: dropout_forward with uniform numbers that are drawn here.

    Args:
        x: any shape
        dropout_param: p, mode, and seed, if the same numbers are wanted again

    Returns:
        out: the shape of x
        cache: what drawn_dropout_backward needs

    Raises:
        ValueError: the mode is neither "train" nor "test".
    """
    u = np.random.default_rng(dropout_param.get("seed")).random(x.shape)
    return dropout_forward(x, {**dropout_param, "u": u})


def drawn_dropout_backward(dout: Array, cache: DropoutCache) -> Array:
    """Backward: through the units that drawn_dropout_forward has kept.

    Args:
        dout: the gradient of the loss with respect to out
        cache: from drawn_dropout_forward

    Returns:
        dx: the shape of x
    """
    return dropout_backward(dout, cache)


def kept_weights(param: Mapping[str, Any]) -> Array | None:
    """[u < p] / p, by which values are multiplied in mode "train"; None in mode "test".

    Raises:
        ValueError: the mode is neither.
    """
    if param["mode"] == "test":
        return None
    if param["mode"] != "train":
        raise ValueError(f"dropout has no mode {param['mode']!r}")
    mask: Array = (param["u"] < param["p"]) / param["p"]
    return mask
