"""Dropout."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "dropout_p": {
        "drop": {
            "the probability that a unit is kept": "the probability that a unit is dropped",
            "a unit is kept where": "a unit is dropped where",
        },
    },
    "stochastic_depth_scale": {
        "train": {
            "At test time the branch is always there, multiplied by the probability": (
                "At test time the branch is always there, as it is; in training it is divided by\n"
                "    the probability"
            ),
        },
    },
}


def dropout_forward(x, dropout_param):
    """Silence units at random in training, and scale the others up (inverted dropout).

    Args:
        x: any shape.
        dropout_param: dict with ``p``, the probability that a unit is kept; ``mode``, "train" or
            "test"; and ``u``, uniform random numbers of the shape of x: a unit is kept where
            u < p. In mode "test" nothing is dropped or scaled.

    Returns:
        out: the shape of x.
        cache: for dropout_backward.
    """
    raise NotImplementedError("write dropout_forward first, then dropout_backward")


def dropout_backward(dout, cache):
    """Send a gradient back through dropout, in the mode of the forward pass.

    Args:
        dout: the shape of x.
        cache: what dropout_forward returned.

    Returns:
        dx: the shape of x.
    """
    raise NotImplementedError("write dropout_forward first, then dropout_backward")


def drawn_dropout_forward(x, dropout_param):
    """Silence units at random in training, and scale the others up (inverted dropout).

    Draw the random numbers yourself.

    Args:
        x: any shape.
        dropout_param: dict with ``p``, the probability that a unit is kept, and ``mode``,
            "train" or "test". In mode "test" nothing is dropped or scaled.

    Returns:
        out: the shape of x.
        cache: for the backward function.
    """
    raise NotImplementedError("write the forward function first, then the backward one")


def drawn_dropout_backward(dout, cache):
    """Send a gradient back through dropout, in the mode of the forward pass.

    Args:
        dout: the shape of x.
        cache: what the forward function returned.

    Returns:
        dx: the shape of x.
    """
    raise NotImplementedError("write the forward function first, then the backward one")


def dropconnect_forward(x, w, b, dropconnect_param):
    """Weigh and add inputs as an affine layer, with weights silenced at random in training.

    The weights that are kept are scaled up, as in inverted dropout. All samples share one mask.

    Args:
        x: (N, D).
        w: (D, M).
        b: (M,), never dropped.
        dropconnect_param: dict with ``p``, the probability that a weight is kept; ``mode``,
            "train" or "test"; and ``u``, (D, M) uniform random numbers: a weight is kept where
            u < p. In mode "test" nothing is dropped or scaled.

    Returns:
        out: (N, M).
        cache: for dropconnect_backward.
    """
    raise NotImplementedError("write dropconnect_forward first, then dropconnect_backward")


def dropconnect_backward(dout, cache):
    """Send a gradient back through DropConnect.

    Args:
        dout: (N, M).
        cache: what dropconnect_forward returned.

    Returns:
        dx: (N, D).
        dw: (D, M).
        db: (M,).
    """
    raise NotImplementedError("write dropconnect_forward first, then dropconnect_backward")


def stochastic_depth_forward(x, branch, depth_param):
    """Add a residual branch to the shortcut, and leave it out for some samples in training.

    At test time the branch is always there, multiplied by the probability that it is kept.

    Args:
        x: (N, ...), what the shortcut carries.
        branch: the shape of x, what the block's layers have made of x.
        depth_param: dict with ``p``, the probability that the branch is kept; ``mode``, "train" or
            "test"; and ``u``, (N,) uniform random numbers: a sample's branch is kept where u < p.

    Returns:
        out: the shape of x.
        cache: for stochastic_depth_backward.
    """
    raise NotImplementedError("write stochastic_depth_forward first, then its backward pass")


def stochastic_depth_backward(dout, cache):
    """Send a gradient back to the shortcut and to the branch, in the mode of the forward pass.

    Args:
        dout: the shape of x.
        cache: what stochastic_depth_forward returned.

    Returns:
        dx: the shape of x.
        dbranch: the shape of x.
    """
    raise NotImplementedError("write stochastic_depth_forward first, then its backward pass")
