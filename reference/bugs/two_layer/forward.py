"""Mistakes in the forward pass of the two-layer net, which its loss and predictions inherit."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.two_layer.formulas import TWO_LAYER

bug = bugs_of(TWO_LAYER)
in_loss = bugs_of(TWO_LAYER, "loss")
in_forward = bugs_of(TWO_LAYER, "forward")

FORWARD_BUGS = (
    # --------------------------------------------------------------------------------- biases
    bug(
        "no_b1",
        "b1 is not used; the hidden layer is an affine map, with a bias",
        "which of the four parameters does your hidden layer read?",
        z1=lambda q: q.X @ q.W1,
    ),
    bug(
        "b1_twice",
        "b1 is added twice; it belongs to the first layer only, once",
        "count how often b1 is added on the way from X to the hidden layer",
        z1=lambda q: q.X @ q.W1 + 2 * q.b1,
    ),
    bug(
        "b1_after_relu",
        "b1 is added after the ReLU; it belongs inside, before the negative values are cut off",
        "a bias moves the point at which a hidden unit switches on",
        z1=lambda q: q.X @ q.W1,
        h=lambda q: np.maximum(q.z1, 0) + q.b1,
        db1=lambda q: q.dh.sum(axis=0),
    ),
    bug(
        "no_b2",
        "b2 is not used; the scores are an affine map of the hidden layer, with a bias",
        "which of the four parameters do your scores read?",
        scores=lambda q: q.h @ q.W2,
    ),
    bug(
        "b2_twice",
        "b2 is added twice; it belongs to the second layer only, once",
        "count how often b2 is added on the way from the hidden layer to the scores",
        scores=lambda q: q.h @ q.W2 + 2 * q.b2,
    ),
    # ----------------------------------------------------------------------------- activation
    bug(
        "no_hidden_relu",
        "there is no ReLU between the two layers; without one, the net is a single linear layer",
        "what happens to the negative values of the hidden layer?",
        h=lambda q: q.z1,
        dz1=lambda q: q.dh,
    ),
    in_loss(
        "no_hidden_relu_in_loss",
        "the loss is computed without the ReLU between the two layers, while its gradient has the "
        "ReLU's mask; both passes should be of the same net",
        "let loss compute its scores with your forward",
        h=lambda q: q.z1,
    ),
    bug(
        "relu_on_scores",
        "the scores pass through a ReLU; the last layer has no activation but the softmax",
        "may a score be negative?",
        scores=lambda q: np.maximum(q.h @ q.W2 + q.b2, 0),
    ),
    in_loss(
        "relu_on_scores_and_back",
        "the scores pass through a ReLU in the loss, and its mask is in the gradient; the last "
        "layer has no activation but the softmax",
        "may a score be negative?",
        scores=lambda q: np.maximum(q.h @ q.W2 + q.b2, 0),
        dscores=lambda q: (q.p - q.onehot) / q.N * (q.scores > 0),
    ),
    bug(
        "relu_returns_mask",
        "the hidden layer is 1 where it should be positive; ReLU passes positive values on as "
        "they are",
        "look at what your ReLU returns: the values, or where they are positive?",
        h=lambda q: (q.z1 > 0).astype(q.z1.dtype),
    ),
    bug(
        "relu_keeps_negative",
        "the ReLU keeps the negative values and cuts off the positive ones; it should be the "
        "other way round",
        "what is ReLU of 3, and of -3?",
        h=lambda q: np.minimum(q.z1, 0),
        dz1=lambda q: q.dh * (q.z1 < 0),
    ),
    bug(
        "leaky_relu",
        "negative values leak through with slope 0.01; ReLU cuts them off at 0",
        "leaky ReLU is another activation",
        h=lambda q: np.where(q.z1 > 0, q.z1, 0.01 * q.z1),
        dz1=lambda q: q.dh * np.where(q.z1 > 0, 1, 0.01),
    ),
    bug(
        "sigmoid_for_relu",
        "the hidden activation is a sigmoid; it should be ReLU",
        "the homework names the activation",
        h=lambda q: 1 / (1 + np.exp(-q.z1)),
        dz1=lambda q: q.dh * q.h * (1 - q.h),
    ),
    bug(
        "tanh_for_relu",
        "the hidden activation is tanh; it should be ReLU",
        "the homework names the activation",
        h=lambda q: np.tanh(q.z1),
        dz1=lambda q: q.dh * (1 - q.h**2),
    ),
    # --------------------------------------------------------------------------- answers
    in_forward(
        "forward_returns_probabilities",
        "forward returns softmax probabilities; it should return the scores before the softmax",
        "do the rows of what you return add up to 1?",
        answer=lambda q: q.p,
    ),
    in_forward(
        "forward_returns_log_probabilities",
        "forward returns logarithms of probabilities; it should return the scores before the "
        "softmax",
        "the softmax belongs to the loss",
        answer=lambda q: q.ln_p,
    ),
    in_forward(
        "forward_returns_hidden",
        "forward returns the hidden layer; it should return the scores",
        "how many columns should the result have?",
        answer=lambda q: q.h,
    ),
)
