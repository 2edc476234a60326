"""Convolution and ReLU in one: what blocks are built of.

Names follow Stanford's CS231n (layer_utils).
"""

from __future__ import annotations

from collections.abc import Mapping

from reference.arrays import Array
from reference.layers.conv import ConvCache, conv_backward, conv_forward
from reference.layers.relu import relu_backward, relu_forward

ConvReluCache = tuple[ConvCache, Array]


def conv_relu_forward(
    x: Array, w: Array, b: Array, conv_param: Mapping[str, int]
) -> tuple[Array, ConvReluCache]:
    """Forward: out = relu(conv(x)).

    Args:
        x: (N, C, H, W), images
        w: (F, C, HH, WW), filters
        b: (F,), biases
        conv_param: stride and pad

    Returns:
        out: (N, F, OH, OW)
        cache: what conv_relu_backward needs

    Raises:
        ValueError: as conv_forward does.
    """
    before, conv_cache = conv_forward(x, w, b, conv_param)
    out, relu_cache = relu_forward(before)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout: Array, cache: ConvReluCache) -> tuple[Array, Array, Array]:
    """Backward: through the ReLU, then through the convolution.

    Args:
        dout: (N, F, OH, OW), the gradient of the loss with respect to out
        cache: from conv_relu_forward

    Returns:
        dx, dw, db: gradients with the shapes of x, w and b
    """
    conv_cache, relu_cache = cache
    return conv_backward(relu_backward(dout, relu_cache), conv_cache)
