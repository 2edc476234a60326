"""Activations."""

import numpy as np


def relu_forward(x):
    """Keep what is positive: out = max(0, x), each value by itself.

    Args:
        x: any shape.

    Returns:
        out: the shape of x.
        cache: for relu_backward.
    """
    raise NotImplementedError("write relu_forward first, then relu_backward")


def relu_backward(dout, cache):
    """Send a gradient back through the ReLU.

    Args:
        dout: the shape of x.
        cache: what relu_forward returned.

    Returns:
        dx: the shape of x.
    """
    raise NotImplementedError("write relu_forward first, then relu_backward")


def leaky_relu_forward(x, slope=0.1):
    """Keep what is positive, weaken the rest: out = x where x > 0, else slope * x.

    Args:
        x: any shape.
        slope: of the negative half, between 0 and 1.

    Returns:
        out: the shape of x.
        cache: for leaky_relu_backward.
    """
    raise NotImplementedError("write leaky_relu_forward first, then leaky_relu_backward")


def leaky_relu_backward(dout, cache):
    """Send a gradient back through the leaky ReLU.

    Args:
        dout: the shape of x.
        cache: what leaky_relu_forward returned.

    Returns:
        dx: the shape of x.
    """
    raise NotImplementedError("write leaky_relu_forward first, then leaky_relu_backward")


def prelu_forward(x, alpha):
    """A leaky ReLU whose slopes are learnt: out = x where x > 0, else alpha[c] * x.

    Args:
        x: (N, C, ...), at least two axes; the second one is the channel.
        alpha: (C,), a slope for each channel. It may be negative or above 1.

    Returns:
        out: the shape of x.
        cache: for prelu_backward.
    """
    raise NotImplementedError("write prelu_forward first, then prelu_backward")


def prelu_backward(dout, cache):
    """Send a gradient back through the PReLU, to its input and to its slopes.

    Args:
        dout: the shape of x.
        cache: what prelu_forward returned.

    Returns:
        dx: the shape of x.
        dalpha: (C,).
    """
    raise NotImplementedError("write prelu_forward first, then prelu_backward")


def elu_forward(x, alpha=1.0):
    """Saturate smoothly below 0: out = x where x > 0, else alpha * (exp(x) - 1).

    Mind large positive inputs: their exponential is not finite.

    Args:
        x: any shape.
        alpha: above 0.

    Returns:
        out: the shape of x.
        cache: for elu_backward.
    """
    raise NotImplementedError("write elu_forward first, then elu_backward")


def elu_backward(dout, cache):
    """Send a gradient back through the ELU.

    Args:
        dout: the shape of x.
        cache: what elu_forward returned.

    Returns:
        dx: the shape of x.
    """
    raise NotImplementedError("write elu_forward first, then elu_backward")


def sigmoid_forward(x):
    """Squash each value into the range from 0 to 1: out = 1 / (1 + exp(-x)).

    The result is finite for every x, however large.

    Args:
        x: any shape.

    Returns:
        out: the shape of x.
        cache: for sigmoid_backward.
    """
    raise NotImplementedError("write sigmoid_forward first, then sigmoid_backward")


def sigmoid_backward(dout, cache):
    """Send a gradient back through the sigmoid.

    Args:
        dout: the shape of x.
        cache: what sigmoid_forward returned.

    Returns:
        dx: the shape of x.
    """
    raise NotImplementedError("write sigmoid_forward first, then sigmoid_backward")


def tanh_forward(x):
    """Squash each value into the range from -1 to 1 by the hyperbolic tangent.

    The result is finite for every x, however large.

    Args:
        x: any shape.

    Returns:
        out: the shape of x.
        cache: for tanh_backward.
    """
    raise NotImplementedError("write tanh_forward first, then tanh_backward")


def tanh_backward(dout, cache):
    """Send a gradient back through the hyperbolic tangent.

    Args:
        dout: the shape of x.
        cache: what tanh_forward returned.

    Returns:
        dx: the shape of x.
    """
    raise NotImplementedError("write tanh_forward first, then tanh_backward")


def maxout_forward(x, w, b):
    """Take the largest of K affine maps: out[n, m] is the largest of (x @ w[k] + b[k])[n, m].

    Args:
        x: (N, D).
        w: (K, D, M), the weights of the maps.
        b: (K, M), their biases.

    Returns:
        out: (N, M).
        cache: for maxout_backward.
    """
    raise NotImplementedError("write maxout_forward first, then maxout_backward")


def maxout_backward(dout, cache):
    """Send a gradient back through maxout.

    Args:
        dout: (N, M).
        cache: what maxout_forward returned.

    Returns:
        dx: (N, D).
        dw: (K, D, M).
        db: (K, M).
    """
    raise NotImplementedError("write maxout_forward first, then maxout_backward")
