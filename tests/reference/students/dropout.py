"""Dropout and its kin in other styles: masks of booleans and of floats, copies and none."""

from __future__ import annotations

import numpy as np


def dropout_forward(x, dropout_param):
    """Drops in place."""
    if dropout_param["mode"] == "test":
        return x, None
    gone = dropout_param["u"] >= dropout_param["p"]
    x[gone] = 0
    return x / dropout_param["p"], (gone, dropout_param["p"])


def dropout_backward(dout, cache):
    """Drops in place."""
    if cache is None:
        return dout
    dout[cache[0]] = 0
    dout /= cache[1]
    return dout


def drawn_dropout_forward(x, dropout_param):
    """Draws whole numbers."""
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return 1.0 * x, [1.0]
    mask = np.where(np.random.default_rng().integers(0, 1000, x.shape) < 1000 * p, 1 / p, 0.0)
    return np.multiply(mask, x), [mask]


def drawn_dropout_backward(dout, cache):
    """By what the forward pass kept."""
    return cache[0] * dout


def dropconnect_forward(x, w, b, dropconnect_param):
    """Changes the weights in place."""
    mask = np.ones_like(w)
    if dropconnect_param["mode"] == "train":
        mask = np.where(dropconnect_param["u"] < dropconnect_param["p"], mask, 0)
        mask /= dropconnect_param["p"]
    w *= mask
    return np.einsum("nd,dm->nm", x, w) + b[np.newaxis], {"x": x, "w": w, "mask": mask}


def dropconnect_backward(dout, cache):
    """As an affine layer, and then the mask."""
    x, w, mask = cache["x"], cache["w"], cache["mask"]
    return dout.dot(w.T), np.multiply(mask, x.T.dot(dout)), np.ones(len(dout)) @ dout


def stochastic_depth_forward(x, branch, depth_param):
    """Sample by sample, in place."""
    weights = []
    for n in range(len(x)):
        if depth_param["mode"] == "test":
            weights.append(depth_param["p"])
        else:
            weights.append(int(depth_param["u"][n] < depth_param["p"]))
        x[n] += weights[-1] * branch[n]
    return x, tuple(weights)


def stochastic_depth_backward(dout, cache):
    """With the upstream gradient itself as dx."""
    return dout, [weight * d for weight, d in zip(cache, dout, strict=True)]


FUNCTIONS = {
    "dropout_forward": dropout_forward,
    "dropout_backward": dropout_backward,
    "drawn_dropout_forward": drawn_dropout_forward,
    "drawn_dropout_backward": drawn_dropout_backward,
    "dropconnect_forward": dropconnect_forward,
    "dropconnect_backward": dropconnect_backward,
    "stochastic_depth_forward": stochastic_depth_forward,
    "stochastic_depth_backward": stochastic_depth_backward,
}
