"""Batch normalisation: every feature gets mean 0 and variance 1 over the batch.

Of images, a feature is a channel: its statistics are taken over samples, rows and columns. At test
time, running means of the statistics stand in for those of the batch.

Source: Ioffe, Szegedy 2015, "Batch Normalization"; names, shapes and the running means follow
Stanford's CS231n (the running variance is that of the batch as it is, without N / (N - 1)).
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import numpy as np

from reference.arrays import Array
from reference.layers.standardise import centre, centred_backward, standardise

BatchNormCache = tuple[Array, Array, Array, Array]
BatchNormParam = MutableMapping[str, Any]


def batchnorm_forward(
    x: Array, gamma: Array, beta: Array, bn_param: BatchNormParam
) -> tuple[Array, BatchNormCache | None]:
    """Forward: out = gamma (x - mean) / sqrt(var + eps) + beta, feature by feature.

    In mode "train", mean and var are the batch's, and the running ones follow them:
    running = momentum running + (1 - momentum) batch's. In mode "test" they are the running ones.

    Args:
        x: (N, D)
        gamma: (D,)
        beta: (D,)
        bn_param: mode; eps (1e-5 when absent); momentum (0.9); running_mean and running_var, (D,)
            (zeros), which are replaced in it in mode "train"

    Returns:
        out: (N, D)
        cache: what the backward functions need; None in mode "test"

    Raises:
        ValueError: the mode is another one.
    """
    out, cache = _forward(x[:, :, np.newaxis], gamma, beta, bn_param)
    return out[:, :, 0], cache


def batchnorm_backward(dout: Array, cache: BatchNormCache) -> tuple[Array, Array, Array]:
    """Backward, where x also reaches out through the batch's mean and variance.

    dbeta = Σ_n dout, dgamma = Σ_n dout x_hat,
    dx = gamma / sqrt(var + eps) (dout - dbeta / N - x_hat dgamma / N).

    Args:
        dout: (N, D), the gradient of the loss with respect to out
        cache: from batchnorm_forward in mode "train"

    Returns:
        dx, dgamma, dbeta: gradients with the shapes of x, gamma and beta
    """
    dx, dgamma, dbeta = _backward(dout[:, :, np.newaxis], cache)
    return dx[:, :, 0], dgamma, dbeta


def batchnorm_backward_alt(dout: Array, cache: BatchNormCache) -> tuple[Array, Array, Array]:
    """The same gradients, by the chain rule one step at a time.

    dvar = -1/2 Σ_n dx_hat x_hat / (var + eps), dmean = -Σ_n dx_hat / sqrt(var + eps),
    dx = dx_hat / sqrt(var + eps) + 2 dvar (x - mean) / N + dmean / N, with dx_hat = gamma dout.

    Args:
        dout: (N, D), the gradient of the loss with respect to out
        cache: from batchnorm_forward in mode "train"

    Returns:
        dx, dgamma, dbeta: gradients with the shapes of x, gamma and beta
    """
    x, mean, scale, gamma = cache
    x_hat = (x[:, :, 0] - mean) * scale
    dx_hat = gamma * dout
    dvar = (dx_hat * x_hat).sum(axis=0) * scale**2 / -2
    dmean = -dx_hat.sum(axis=0) * scale
    dx = dx_hat * scale + (2 * dvar * x_hat / scale + dmean) / len(dout)
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def spatial_batchnorm_forward(
    x: Array, gamma: Array, beta: Array, bn_param: BatchNormParam
) -> tuple[Array, BatchNormCache | None]:
    """Forward: batchnorm_forward with channels as features, and N H W values of each.

    Args:
        x: (N, C, H, W), images
        gamma: (C,)
        beta: (C,)
        bn_param: as in batchnorm_forward; running_mean and running_var are (C,)

    Returns:
        out: (N, C, H, W)
        cache: what spatial_batchnorm_backward needs; None in mode "test"

    Raises:
        ValueError: the mode is neither "train" nor "test".
    """
    out, cache = _forward(x.reshape(*x.shape[:2], -1), gamma, beta, bn_param)
    return out.reshape(x.shape), cache


def spatial_batchnorm_backward(dout: Array, cache: BatchNormCache) -> tuple[Array, Array, Array]:
    """Backward: batchnorm_backward with channels as features.

    Args:
        dout: (N, C, H, W), the gradient of the loss with respect to out
        cache: from spatial_batchnorm_forward in mode "train"

    Returns:
        dx, dgamma, dbeta: gradients with the shapes of x, gamma and beta
    """
    dx, dgamma, dbeta = _backward(dout.reshape(*dout.shape[:2], -1), cache)
    return dx.reshape(dout.shape), dgamma, dbeta


def _forward(
    x: Array, gamma: Array, beta: Array, bn_param: BatchNormParam
) -> tuple[Array, BatchNormCache | None]:
    """For x (N, G, B) with G features."""
    eps = bn_param.get("eps", 1e-5)
    old_mean = bn_param.get("running_mean", np.zeros_like(gamma))
    old_var = bn_param.get("running_var", np.zeros_like(gamma))
    if bn_param["mode"] == "test":
        factor = gamma / np.sqrt(old_var + eps)
        return x * factor[:, np.newaxis] + (beta - old_mean * factor)[:, np.newaxis], None
    if bn_param["mode"] != "train":
        raise ValueError(f"batch normalisation has no mode {bn_param['mode']!r}")
    standard = standardise(x, eps, gamma, beta)
    kept = bn_param.get("momentum", 0.9)
    bn_param["running_mean"] = kept * old_mean + (1 - kept) * standard.mean
    bn_param["running_var"] = kept * old_var + (1 - kept) * standard.var
    return standard.out, (x, standard.mean, standard.scale, gamma)


def _backward(dout: Array, cache: BatchNormCache) -> tuple[Array, Array, Array]:
    x, mean, scale, gamma = cache
    # x_hat is made anew: that is faster than to keep it.
    centred = centre(x, mean)
    dx, dbeta, dgamma = centred_backward(dout, centred, scale, gamma * scale)
    return dx, dgamma, dbeta
