"""The normalisations in other styles: changed arguments, moments, Jacobians, loops, lists."""

from __future__ import annotations

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Changes x, and the running statistics, in place."""
    eps, kept = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    if bn_param["mode"] == "test":
        x -= bn_param["running_mean"]
        x /= np.sqrt(bn_param["running_var"] + eps)
        return beta + x * gamma, {}
    mean, square = np.mean(x, axis=0), np.mean(np.square(x), axis=0)
    var = square - mean**2
    for name, value in (("running_mean", mean), ("running_var", var)):
        running = bn_param.setdefault(name, np.zeros_like(mean))
        running *= kept
        running += (1.0 - kept) * value
    x -= mean
    x *= (var + eps) ** -0.5
    return beta + x * gamma, {"x_hat": x.copy(), "inverse": (var + eps) ** -0.5, "gamma": gamma}


def batchnorm_backward(dout, cache):
    """By the Jacobian of one feature; gradients of gamma and beta as rows."""
    x_hat, inverse, gamma = cache["x_hat"], cache["inverse"], cache["gamma"]
    N = len(dout)
    dx = np.empty_like(dout)
    for d in range(dout.shape[1]):
        column = x_hat[:, d]
        jacobian = inverse[d] * (np.eye(N) - (1 + np.outer(column, column)) / N)
        dx[:, d] = gamma[d] * jacobian @ dout[:, d]
    return [dx, np.sum(dout * x_hat, 0, keepdims=True), dout.sum(0, keepdims=True)]


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """With channels moved to the front."""
    N, C, H, W = x.shape
    rows = np.moveaxis(x, 1, 0).reshape(C, -1).T.copy()
    out, cache = batchnorm_forward(rows, gamma, beta, bn_param)
    return np.moveaxis(out.T.reshape(C, N, H, W), 0, 1), cache


def spatial_batchnorm_backward(dout, cache):
    """With channels moved to the front."""
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(np.moveaxis(dout, 1, 0).reshape(C, -1).T, cache)
    return np.moveaxis(dx.T.reshape(C, N, H, W), 0, 1), dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    """Sample by sample."""
    eps = dict({"eps": 1e-5}, **ln_param)["eps"]
    x_hat = [(row - row.mean()) / np.sqrt(row.var() + eps) for row in x]
    inverse = [1 / np.sqrt(row.var() + eps) for row in x]
    return [gamma * row + beta for row in x_hat], [x_hat, inverse, gamma]


def layernorm_backward(dout, cache):
    """Sample by sample."""
    dx = []
    for d, x_hat, inverse in zip(dout, cache[0], cache[1], strict=True):
        g = d * cache[2]
        dx.append(inverse * (g - g.mean() - x_hat * np.mean(g * x_hat)))
    return dx, sum(d * x for d, x in zip(dout, cache[0], strict=True)), dout.sum(axis=0)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Group by group, in place."""
    step = x.shape[1] // G
    inverse = np.empty((len(x), G))
    for n in range(len(x)):
        for g in range(G):
            group = x[n, g * step : (g + 1) * step]
            inverse[n, g] = (group.var() + gn_param.get("eps", 1e-5)) ** -0.5
            group -= group.mean()
            group *= inverse[n, g]
    return x * gamma + beta, (x.copy(), inverse, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    """Group by group."""
    x_hat, inverse, gamma, G = cache
    step = x_hat.shape[1] // G
    scaled = dout * gamma
    dx = np.zeros_like(dout)
    for n, g in np.ndindex(len(dout), G):
        part = slice(g * step, (g + 1) * step)
        d, z = scaled[n, part], x_hat[n, part]
        dx[n, part] = inverse[n, g] * (d - d.mean() - z * (d * z).mean())
    sums = {"axis": (0, 2, 3), "keepdims": True}
    return dx, np.sum(dout * x_hat, **sums), np.sum(dout, **sums)


def _window(squares, n):
    """By differences of a running sum, with zeros around the channels."""
    half = n // 2
    padded = np.pad(squares, [(0, 0), (half + 1, half), (0, 0), (0, 0)])
    total = np.cumsum(padded, axis=1)
    return total[:, n:] - total[:, :-n]


def lrn_forward(x, lrn_param):
    """By a running sum over the channels."""
    s = lrn_param["k"] + lrn_param["alpha"] * _window(x**2, lrn_param["n"])
    return x / np.power(s, lrn_param["beta"]), dict(x=x, s=s, **lrn_param)


def lrn_backward(dout, cache):
    """By a running sum over the channels."""
    x, s, beta = cache["x"], cache["s"], cache["beta"]
    returned = _window(dout * x * np.exp(-(beta + 1) * np.log(s)), cache["n"])
    return dout / s**beta - 2 * cache["alpha"] * beta * x * returned


FUNCTIONS = {
    "batchnorm_forward": batchnorm_forward,
    "batchnorm_backward": batchnorm_backward,
    "batchnorm_backward_alt": batchnorm_backward,
    "spatial_batchnorm_forward": spatial_batchnorm_forward,
    "spatial_batchnorm_backward": spatial_batchnorm_backward,
    "layernorm_forward": layernorm_forward,
    "layernorm_backward": layernorm_backward,
    "spatial_groupnorm_forward": spatial_groupnorm_forward,
    "spatial_groupnorm_backward": spatial_groupnorm_backward,
    "lrn_forward": lrn_forward,
    "lrn_backward": lrn_backward,
}
