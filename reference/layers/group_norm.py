"""Group normalisation: the channels of an image in groups, each with mean 0 and variance 1.

One group is layer normalisation of an image, as many groups as channels instance normalisation.

Source: Wu, He 2018, "Group Normalization"; names and shapes follow Stanford's CS231n.
"""

from __future__ import annotations

from collections.abc import Mapping

from reference.arrays import Array
from reference.layers.standardise import standardise, standardise_backward

GroupNormCache = tuple[Array, Array, Array]


def spatial_groupnorm_forward(
    x: Array, gamma: Array, beta: Array, G: int, gn_param: Mapping[str, float]
) -> tuple[Array, GroupNormCache]:
    """Forward: out = gamma (x - mean) / sqrt(var + eps) + beta.

    The statistics are those of C / G neighbouring channels of one image, all rows and columns.

    Args:
        x: (N, C, H, W), images
        gamma: (1, C, 1, 1), one for each channel; (C,) does as well
        beta: the shape of gamma
        G: the number of groups, a divisor of C
        gn_param: eps (1e-5 when absent)

    Returns:
        out: (N, C, H, W)
        cache: what spatial_groupnorm_backward needs

    Raises:
        ValueError: C is not a multiple of G.
    """
    N, C = x.shape[:2]
    if C % G:
        raise ValueError(f"{C} channels do not fall into {G} equal groups")
    standard = standardise(x.reshape(1, N * G, -1), gn_param.get("eps", 1e-5))
    x_hat = standard.out.reshape(x.shape)
    out = x_hat * gamma.reshape(1, C, 1, 1) + beta.reshape(1, C, 1, 1)
    return out, (x_hat, standard.scale, gamma)


def spatial_groupnorm_backward(dout: Array, cache: GroupNormCache) -> tuple[Array, Array, Array]:
    """Backward: dbeta and dgamma add up dout and dout x_hat over samples, rows and columns.

    dx = (dx_hat - mean(dx_hat) - x_hat mean(dx_hat x_hat)) / sqrt(var + eps) with
    dx_hat = gamma dout and means over each group.

    Args:
        dout: (N, C, H, W), the gradient of the loss with respect to out
        cache: from spatial_groupnorm_forward

    Returns:
        dx, dgamma, dbeta: gradients with the shapes of x, gamma and beta
    """
    x_hat, scale, gamma = cache
    dx_hat = dout * gamma.reshape(1, -1, 1, 1)
    groups = (1, len(scale), -1)
    dx, _, _ = standardise_backward(dx_hat.reshape(groups), x_hat.reshape(groups), scale)
    dgamma = (dout * x_hat).sum(axis=(0, 2, 3)).reshape(gamma.shape)
    dbeta = dout.sum(axis=(0, 2, 3)).reshape(gamma.shape)
    return dx.reshape(dout.shape), dgamma, dbeta
