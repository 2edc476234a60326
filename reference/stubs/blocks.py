"""Blocks of layers: residual blocks and the inception module."""

import numpy as np


# ---------------------------------------------------------------------------- residual blocks
def residual_forward(x, params):
    """A residual block: two convolutions compute what is added to their input.

        out = relu(conv2(relu(conv1(x))) + x)

    Both convolutions have filters of 3 by 3, stride 1 and padding 1, and add a bias.

    Args:
        x: (N, C, H, W), the images.
        params: dict with ``W1`` (F, C, 3, 3), ``b1`` (F,), ``W2`` (C, F, 3, 3) and ``b2`` (C,).

    Returns:
        out: (N, C, H, W).
        cache: for residual_backward.
    """
    raise NotImplementedError("write residual_forward first, then residual_backward")


def residual_backward(dout, cache):
    """Send a gradient back through the residual block.

    Args:
        dout: (N, C, H, W).
        cache: what residual_forward returned.

    Returns:
        dx: (N, C, H, W).
        grads: dict with the gradients of ``W1``, ``b1``, ``W2`` and ``b2`` under these names.
    """
    raise NotImplementedError("write residual_forward first, then residual_backward")


def residual_projection_forward(x, params, stride):
    """A residual block whose shortcut is a projection, because shapes change.

        out = relu(conv2(relu(conv1(x))) + projection(x))

    conv1 has filters of 3 by 3, padding 1 and the given stride; conv2 filters of 3 by 3, padding 1
    and stride 1; the projection filters of 1 by 1, no padding and the given stride. All three add
    a bias. The windows always fit. With H' = 1 + (H - 1) / stride, and W' likewise:

    Args:
        x: (N, C, H, W), the images.
        params: dict with ``W1`` (F, C, 3, 3), ``b1`` (F,), ``W2`` (F, F, 3, 3), ``b2`` (F,),
            ``Wp`` (F, C, 1, 1) and ``bp`` (F,).
        stride: int, at least 1.

    Returns:
        out: (N, F, H', W').
        cache: for residual_projection_backward.
    """
    raise NotImplementedError("write this first, then residual_projection_backward")


def residual_projection_backward(dout, cache):
    """Send a gradient back through the residual block with a projection.

    Args:
        dout: (N, F, H', W').
        cache: what residual_projection_forward returned.

    Returns:
        dx: (N, C, H, W).
        grads: dict with the gradients of ``W1``, ``b1``, ``W2``, ``b2``, ``Wp`` and ``bp`` under
            these names.
    """
    raise NotImplementedError("write residual_projection_forward first")


# --------------------------------------------------------------------------- inception module
def inception_forward(x, params):
    """An inception module: four branches, concatenated along the channels in this order.

        1. conv1(x)                 filters of 1 by 1
        2. conv3(conv3r(x))         filters of 1 by 1, then of 3 by 3
        3. conv5(conv5r(x))         filters of 1 by 1, then of 5 by 5
        4. convp(max_pool(x))       windows of 3 by 3, then filters of 1 by 1

    Every conv is a convolution with a bias, followed by a ReLU. Everything has stride 1 and a
    padding that keeps the size of the images: 1 for 3 by 3, 2 for 5 by 5. The padding of max_pool
    does not count: at the border, the maximum is that of the pixels that are there.

    Args:
        x: (N, C, H, W), the images. Values can be negative.
        params: dict with ``W1`` (F1, C, 1, 1), ``W3r`` (R3, C, 1, 1), ``W3`` (F3, R3, 3, 3),
            ``W5r`` (R5, C, 1, 1), ``W5`` (F5, R5, 5, 5), ``Wp`` (FP, C, 1, 1), and the biases
            ``b1`` (F1,), ``b3r`` (R3,), ``b3`` (F3,), ``b5r`` (R5,), ``b5`` (F5,), ``bp`` (FP,).

    Returns:
        out: (N, F1 + F3 + F5 + FP, H, W).
        cache: for inception_backward.
    """
    raise NotImplementedError("write inception_forward first, then inception_backward")


def inception_backward(dout, cache):
    """Send a gradient back through the inception module.

    Args:
        dout: (N, F1 + F3 + F5 + FP, H, W).
        cache: what inception_forward returned.

    Returns:
        dx: (N, C, H, W).
        grads: dict with the gradients of all parameters under their names.
    """
    raise NotImplementedError("write inception_forward first, then inception_backward")
