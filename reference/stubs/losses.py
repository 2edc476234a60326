"""Losses and penalties."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "l2_penalty": {
        "half": {
            "The L2 penalty: reg times the sum of": "The L2 penalty: half of reg times the sum of",
        },
    },
}


def softmax_loss(x, y):
    """Softmax cross-entropy: the mean over the samples of -ln p[n, y[n]], where p = softmax(x).

    Mind large scores: the exponential of 1000 is not finite, the loss is.

    Args:
        x: (N, C), the scores.
        y: (N,), the labels, 0..C-1.

    Returns:
        loss: a number.
        dx: (N, C), the gradient of the loss with respect to x.
    """
    raise NotImplementedError("write softmax_loss")


def svm_loss(x, y):
    """Multiclass hinge loss: each other class should stay behind the true class by 1.

    A sample costs the sum, over all classes j but its own, of max(0, x[n, j] - x[n, y[n]] + 1). The
    loss is the mean over the samples.

    Args:
        x: (N, C), the scores.
        y: (N,), the labels, 0..C-1.

    Returns:
        loss: a number.
        dx: (N, C), the gradient of the loss with respect to x.
    """
    raise NotImplementedError("write svm_loss")


def l2_penalty(w, reg):
    """The L2 penalty: reg times the sum of the squared weights.

    Args:
        w: any shape.
        reg: the strength, a number.

    Returns:
        penalty: a number.
        dw: the shape of w, the gradient of the penalty.
    """
    raise NotImplementedError("write l2_penalty")


def l1_penalty(w, reg):
    """The L1 penalty: reg times the sum of the weights' absolute values.

    Args:
        w: any shape.
        reg: the strength, a number.

    Returns:
        penalty: a number.
        dw: the shape of w, the gradient of the penalty.
    """
    raise NotImplementedError("write l1_penalty")


def elastic_net(w, reg, beta):
    """The elastic net: reg times the sum of beta * w**2 + abs(w) over all weights.

    Args:
        w: any shape.
        reg: the strength, a number.
        beta: the weight of the squares, a number.

    Returns:
        penalty: a number.
        dw: the shape of w, the gradient of the penalty.
    """
    raise NotImplementedError("write elastic_net")
