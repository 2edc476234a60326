"""Residual blocks: two convolutions learn what is to be added to their input.

The paper normalises after each convolution; here the convolutions have biases instead.

Source: He, Zhang, Ren, Sun 2016 (ResNet), section 3.2, equations 1 and 2; figure 2.
"""

from __future__ import annotations

from reference.arrays import Array, Params
from reference.layers.conv import ConvCache, conv_backward, conv_forward
from reference.layers.conv_relu import ConvReluCache, conv_relu_backward, conv_relu_forward
from reference.layers.relu import relu_backward, relu_forward

ResidualCache = tuple[ConvReluCache, ConvCache, Array]
ProjectionCache = tuple[ResidualCache, ConvCache]

_KEEPS_SIZE = {"stride": 1, "pad": 1}


def residual_forward(x: Array, params: Params) -> tuple[Array, ResidualCache]:
    """Forward: out = relu(conv2(relu(conv1(x))) + x).

    Both convolutions have windows of 3 by 3, stride 1 and padding 1.

    Args:
        x: (N, C, H, W), images
        params: W1 (F, C, 3, 3), b1 (F,), W2 (C, F, 3, 3), b2 (C,)

    Returns:
        out: (N, C, H, W)
        cache: what residual_backward needs

    Raises:
        ValueError: the filters do not match the channels.
    """
    return _joined(x, x, params, stride=1)


def residual_backward(dout: Array, cache: ResidualCache) -> tuple[Array, Params]:
    """Backward: the gradient of the sum goes both ways, and dx is what comes back from both.

    Args:
        dout: (N, C, H, W), the gradient of the loss with respect to out
        cache: from residual_forward

    Returns:
        dx: (N, C, H, W)
        grads: gradients by the names of the parameters
    """
    dmain, dshortcut, grads = _parted(dout, cache)
    return dmain + dshortcut, grads


def residual_projection_forward(
    x: Array, params: Params, stride: int
) -> tuple[Array, ProjectionCache]:
    """Forward: out = relu(conv2(relu(conv1(x))) + projection(x)).

    conv1 has windows of 3 by 3, padding 1 and this stride; conv2 windows of 3 by 3, padding 1 and
    stride 1; the projection, windows of 1 by 1 and this stride, makes the shortcut fit.

    Args:
        x: (N, C, H, W), images
        params: W1 (F, C, 3, 3), b1 (F,), W2 (F, F, 3, 3), b2 (F,), Wp (F, C, 1, 1), bp (F,)
        stride: pixels between the windows of conv1 and of the projection

    Returns:
        out: (N, F, OH, OW) with OH = (H - 1) / stride + 1 and OW likewise
        cache: what residual_projection_backward needs

    Raises:
        ValueError: the windows do not fit the image, or the filters not the channels.
    """
    conv_param = {"stride": stride, "pad": 0}
    shortcut, projection = conv_forward(x, params["Wp"], params["bp"], conv_param)
    out, cache = _joined(x, shortcut, params, stride)
    return out, (cache, projection)


def residual_projection_backward(dout: Array, cache: ProjectionCache) -> tuple[Array, Params]:
    """Backward: as in residual_backward; the shortcut's gradient goes through the projection.

    Args:
        dout: (N, F, OH, OW), the gradient of the loss with respect to out
        cache: from residual_projection_forward

    Returns:
        dx: (N, C, H, W)
        grads: gradients by the names of the parameters
    """
    joined, projection = cache
    dmain, dshortcut, grads = _parted(dout, joined)
    dprojected, grads["Wp"], grads["bp"] = conv_backward(dshortcut, projection)
    return dmain + dprojected, grads


def _joined(x: Array, shortcut: Array, params: Params, stride: int) -> tuple[Array, ResidualCache]:
    first_param = {"stride": stride, "pad": 1}
    hidden, first = conv_relu_forward(x, params["W1"], params["b1"], first_param)
    main, second = conv_forward(hidden, params["W2"], params["b2"], _KEEPS_SIZE)
    out, total = relu_forward(main + shortcut)
    return out, (first, second, total)


def _parted(dout: Array, cache: ResidualCache) -> tuple[Array, Array, Params]:
    """What comes back to x through the convolutions, what to the shortcut, and the gradients."""
    first, second, total = cache
    grads: Params = {}
    dtotal = relu_backward(dout, total)
    dhidden, grads["W2"], grads["b2"] = conv_backward(dtotal, second)
    dmain, grads["W1"], grads["b1"] = conv_relu_backward(dhidden, first)
    return dmain, dtotal, grads
