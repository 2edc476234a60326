"""Layer normalisation: every sample gets mean 0 and variance 1 over its own features.

It does the same in training and at test time, and does not depend on the batch.

Source: Ba, Kiros, Hinton 2016, "Layer Normalization"; names and shapes follow Stanford's CS231n.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array
from reference.layers.standardise import standardise, standardise_backward

LayerNormCache = tuple[Array, Array, Array]


def layernorm_forward(
    x: Array, gamma: Array, beta: Array, ln_param: Mapping[str, float]
) -> tuple[Array, LayerNormCache]:
    """Forward: out = gamma (x - mean) / sqrt(var + eps) + beta, with each sample's statistics.

    Args:
        x: (N, D)
        gamma: (D,), as in batch normalisation one for each feature
        beta: (D,)
        ln_param: eps (1e-5 when absent)

    Returns:
        out: (N, D)
        cache: what layernorm_backward needs
    """
    standard = standardise(x[np.newaxis], ln_param.get("eps", 1e-5))
    x_hat = standard.out[0]
    return x_hat * gamma + beta, (x_hat, standard.scale, gamma)


def layernorm_backward(dout: Array, cache: LayerNormCache) -> tuple[Array, Array, Array]:
    """Backward: dbeta = Σ_n dout, dgamma = Σ_n dout x_hat, and dx through dx_hat = gamma dout.

    dx = (dx_hat - mean_d(dx_hat) - x_hat mean_d(dx_hat x_hat)) / sqrt(var + eps).

    Args:
        dout: (N, D), the gradient of the loss with respect to out
        cache: from layernorm_forward

    Returns:
        dx, dgamma, dbeta: gradients with the shapes of x, gamma and beta
    """
    x_hat, scale, gamma = cache
    dx, _, _ = standardise_backward((gamma * dout)[np.newaxis], x_hat[np.newaxis], scale)
    return dx[0], (dout * x_hat).sum(axis=0), dout.sum(axis=0)
