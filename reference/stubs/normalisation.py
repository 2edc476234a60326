"""Normalisation."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "running_variance": {
        "unbiased": {
            "the running statistics are used, and nothing is updated.": (
                "the running statistics are used, and nothing is updated.\n\n"
                "    The running variance follows an unbiased estimate: the batch's variance, but\n"
                "    divided by one less than the number of values."
            ),
        },
    },
    "groupnorm_gamma": {
        "flat": {
            "gamma: (1, C, 1, 1).": "gamma: (C,).",
            "beta: (1, C, 1, 1).": "beta: (C,).",
        },
    },
    "lrn_alpha": {
        "mean": {
            "(k + alpha * sum of x[j]**2)": "(k + alpha / n * sum of x[j]**2)",
            "alpha is not divided by n.": "alpha is divided by n, at\n    the border, too.",
        },
    },
}


def batchnorm_forward(x, gamma, beta, bn_param):
    """Give every feature mean 0 and variance 1 over the batch, then scale and shift it.

    out = gamma * (x - mean) / sqrt(var + eps) + beta

    In mode "train", mean and var (divided by N) are the batch's, and the running statistics
    follow them: running = momentum * running + (1 - momentum) * the batch's. Put the new ones into
    bn_param. In mode "test", the running statistics are used, and nothing is updated.

    Args:
        x: (N, D).
        gamma: (D,).
        beta: (D,).
        bn_param: dict with ``mode``; ``eps`` (1e-5 when absent); ``momentum`` (0.9 when absent);
            ``running_mean`` and ``running_var``, each (D,) (zeros when absent).

    Returns:
        out: (N, D).
        cache: for batchnorm_backward and batchnorm_backward_alt.

    Raises:
        ValueError: the mode is neither "train" nor "test".
    """
    raise NotImplementedError("write batchnorm_forward first, then batchnorm_backward")


def batchnorm_backward(dout, cache):
    """Send a gradient back through batch normalisation in mode "train".

    Draw the graph of the computation and go back along it, step by step. Mean and variance depend
    on x as well.

    Args:
        dout: (N, D).
        cache: what batchnorm_forward returned.

    Returns:
        dx: (N, D).
        dgamma: (D,).
        dbeta: (D,).
    """
    raise NotImplementedError("write batchnorm_forward first, then batchnorm_backward")


def batchnorm_backward_alt(dout, cache):
    """Return the same gradients as batchnorm_backward, by one formula simplified on paper.

    Args:
        dout: (N, D).
        cache: what batchnorm_forward returned.

    Returns:
        dx: (N, D).
        dgamma: (D,).
        dbeta: (D,).
    """
    raise NotImplementedError("write batchnorm_backward first, then batchnorm_backward_alt")


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise images by channel: statistics over the samples, rows and columns.

    out = gamma * (x - mean) / sqrt(var + eps) + beta, channel by channel

    In mode "train", mean and var (divided by N * H * W) are the batch's, and the running statistics
    follow them: running = momentum * running + (1 - momentum) * the batch's. Put the new ones into
    bn_param. In mode "test", the running statistics are used, and nothing is updated.

    Args:
        x: (N, C, H, W).
        gamma: (C,).
        beta: (C,).
        bn_param: dict with ``mode``; ``eps`` (1e-5 when absent); ``momentum`` (0.9 when absent);
            ``running_mean`` and ``running_var``, each (C,) (zeros when absent).

    Returns:
        out: (N, C, H, W).
        cache: for spatial_batchnorm_backward.
    """
    raise NotImplementedError("batchnorm_forward can do the work")


def spatial_batchnorm_backward(dout, cache):
    """Send a gradient back through batch normalisation of images.

    Args:
        dout: (N, C, H, W).
        cache: what spatial_batchnorm_forward returned.

    Returns:
        dx: (N, C, H, W).
        dgamma: (C,).
        dbeta: (C,).
    """
    raise NotImplementedError("batchnorm_backward can do the work")


def layernorm_forward(x, gamma, beta, ln_param):
    """Give every sample mean 0 and variance 1 over its features, then scale and shift them.

    out = gamma * (x - mean) / sqrt(var + eps) + beta, in training and at test time alike.

    Args:
        x: (N, D).
        gamma: (D,).
        beta: (D,).
        ln_param: dict with ``eps`` (1e-5 when absent).

    Returns:
        out: (N, D).
        cache: for layernorm_backward.
    """
    raise NotImplementedError("write layernorm_forward first, then layernorm_backward")


def layernorm_backward(dout, cache):
    """Send a gradient back through layer normalisation.

    Args:
        dout: (N, D).
        cache: what layernorm_forward returned.

    Returns:
        dx: (N, D).
        dgamma: (D,).
        dbeta: (D,).
    """
    raise NotImplementedError("write layernorm_forward first, then layernorm_backward")


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Give each group of channels of an image mean 0 and variance 1, then scale and shift channels.

    The C channels fall into G groups of C / G neighbouring ones.

    Args:
        x: (N, C, H, W).
        gamma: (1, C, 1, 1).
        beta: (1, C, 1, 1).
        G: the number of groups; C is a multiple of it.
        gn_param: dict with ``eps`` (1e-5 when absent).

    Returns:
        out: (N, C, H, W).
        cache: for spatial_groupnorm_backward.
    """
    raise NotImplementedError("write spatial_groupnorm_forward first, then its backward pass")


def spatial_groupnorm_backward(dout, cache):
    """Send a gradient back through group normalisation.

    Args:
        dout: (N, C, H, W).
        cache: what spatial_groupnorm_forward returned.

    Returns:
        dx: (N, C, H, W).
        dgamma: (1, C, 1, 1).
        dbeta: (1, C, 1, 1).
    """
    raise NotImplementedError("write spatial_groupnorm_forward first, then its backward pass")


def lrn_forward(x, lrn_param):
    """Damp each pixel by what the neighbouring channels have at the same place.

    out[c] = x[c] / (k + alpha * sum of x[j]**2)**beta, where j runs over the n channels from
    c - (n-1)/2 to c + (n-1)/2, as far as they exist. alpha is not divided by n.

    Args:
        x: (N, C, H, W).
        lrn_param: dict with ``k``, ``n`` (odd), ``alpha`` and ``beta``.

    Returns:
        out: (N, C, H, W).
        cache: for lrn_backward.
    """
    raise NotImplementedError("write lrn_forward first, then lrn_backward")


def lrn_backward(dout, cache):
    """Send a gradient back through local response normalisation.

    Args:
        dout: (N, C, H, W).
        cache: what lrn_forward returned.

    Returns:
        dx: (N, C, H, W).
    """
    raise NotImplementedError("write lrn_forward first, then lrn_backward")
