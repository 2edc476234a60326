"""The normalisations in plain loops, written from their definitions."""

from __future__ import annotations

import math

import numpy as np


def _standard(values, eps):
    """The values with mean 0 and variance 1, and what they were divided by."""
    mean = sum(values) / len(values)
    var = sum((v - mean) ** 2 for v in values) / len(values)
    std = math.sqrt(var + eps)
    return [(v - mean) / std for v in values], std, mean, var


def _back(gradients, x_hat, std):
    """The gradient of standardising one group: by its Jacobian, entry by entry."""
    M = len(x_hat)
    return [
        sum(g * ((i == j) - 1 / M - x_hat[i] * x_hat[j] / M) / std for j, g in enumerate(gradients))
        for i in range(M)
    ]


def _groups_forward(x, groups, gamma, beta, eps):
    """``groups`` lists the indices of each group; gamma and beta lie along axis 1."""
    out, kept = np.empty_like(x), []
    for indices in groups:
        x_hat, std, mean, var = _standard([x[i] for i in indices], eps)
        for i, v in zip(indices, x_hat, strict=True):
            out[i] = gamma[i[1]] * v + beta[i[1]]
        kept.append((indices, x_hat, std, mean, var))
    return out, (kept, gamma)


def _groups_backward(dout, cache):
    kept, gamma = cache
    dx, dgamma, dbeta = np.empty_like(dout), np.zeros_like(gamma), np.zeros_like(gamma)
    for indices, x_hat, std, *_ in kept:
        back = _back([dout[i] * gamma[i[1]] for i in indices], x_hat, std)
        for i, value, v in zip(indices, back, x_hat, strict=True):
            dx[i] = value
            dgamma[i[1]] += dout[i] * v
            dbeta[i[1]] += dout[i]
    return dx, dgamma, dbeta


def _by_feature(shape):
    return [[i for i in np.ndindex(*shape) if i[1] == d] for d in range(shape[1])]


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get("eps", 1e-5)
    if bn_param["mode"] == "test":
        out = np.empty_like(x)
        for i in np.ndindex(*x.shape):
            std = math.sqrt(bn_param["running_var"][i[1]] + eps)
            value = (x[i] - bn_param["running_mean"][i[1]]) / std
            out[i] = gamma[i[1]] * value + beta[i[1]]
        return out, None
    out, cache = _groups_forward(x, _by_feature(x.shape), gamma, beta, eps)
    kept = bn_param.get("momentum", 0.9)
    for name, place in (("running_mean", 3), ("running_var", 4)):
        old = bn_param.get(name, np.zeros(x.shape[1]))
        bn_param[name] = np.array(
            [kept * v + (1 - kept) * group[place] for v, group in zip(old, cache[0], strict=True)]
        )
    return out, cache


def layernorm_forward(x, gamma, beta, ln_param):
    N, D = x.shape
    groups = [[(n, d) for d in range(D)] for n in range(N)]
    return _groups_forward(x, groups, gamma, beta, ln_param.get("eps", 1e-5))


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    groups = [
        [(n, c, *p) for c in range(g * C // G, (g + 1) * C // G) for p in np.ndindex(H, W)]
        for n in range(N)
        for g in range(G)
    ]
    flat = gamma.reshape(-1), beta.reshape(-1)
    out, cache = _groups_forward(x, groups, *flat, gn_param.get("eps", 1e-5))
    return out, (cache, gamma.shape)


def spatial_groupnorm_backward(dout, cache):
    kept, shape = cache
    dx, dgamma, dbeta = _groups_backward(dout, kept)
    return dx, dgamma.reshape(shape), dbeta.reshape(shape)


def _window(c, C, n):
    return range(max(0, c - n // 2), min(C - 1, c + n // 2) + 1)


def lrn_forward(x, lrn_param):
    k, n, alpha, beta = (lrn_param[name] for name in ("k", "n", "alpha", "beta"))
    s = np.empty_like(x)
    for i in np.ndindex(*x.shape):
        squares = sum(x[i[0], j, i[2], i[3]] ** 2 for j in _window(i[1], x.shape[1], n))
        s[i] = k + alpha * squares
    return x / s**beta, (x, s, n, alpha, beta)


def lrn_backward(dout, cache):
    x, s, n, alpha, beta = cache
    dx = dout / s**beta
    for m, c, h, w in np.ndindex(*x.shape):
        for j in _window(c, x.shape[1], n):
            there = m, j, h, w
            dx[m, c, h, w] -= (
                2 * alpha * beta * x[m, c, h, w] * dout[there] * x[there] / s[there] ** (beta + 1)
            )
    return dx


FUNCTIONS = {
    "batchnorm_forward": batchnorm_forward,
    "batchnorm_backward": _groups_backward,
    "batchnorm_backward_alt": _groups_backward,
    "spatial_batchnorm_forward": batchnorm_forward,
    "spatial_batchnorm_backward": _groups_backward,
    "layernorm_forward": layernorm_forward,
    "layernorm_backward": _groups_backward,
    "spatial_groupnorm_forward": spatial_groupnorm_forward,
    "spatial_groupnorm_backward": spatial_groupnorm_backward,
    "lrn_forward": lrn_forward,
    "lrn_backward": lrn_backward,
}
