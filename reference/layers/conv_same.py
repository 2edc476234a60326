"""Convolution with SAME padding: as much as keeps the size, or divides it by the stride.

With an even window, or a stride, one row or column of zeros more may be needed on one side than on
the other. It lies at the top and at the left, as the course's lecture has it: ceil before, floor
after. (TensorFlow's and PyTorch's "same" put it at the bottom and at the right.)

Source: course lecture "Convolutional layers"; Dumoulin, Visin 2016, section 2.3 (half padding).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference.arrays import Array
from reference.layers.conv import ConvCache, conv_backward, conv_forward

ConvSameCache = tuple[tuple[int, ...], tuple[int, int], ConvCache]
"""The shape of x, the zeros at the top and at the left, and the convolution's own cache."""


def same_padding(size: int, window: int, stride: int = 1) -> tuple[int, int]:
    """Zeros before and after an axis: ceil(P / 2) and floor(P / 2).

    P = max(0, (OUT - 1) * stride + window - size) with OUT = ceil(size / stride)

    Args:
        size: pixels of the image along this axis
        window: pixels of the window along this axis
        stride: pixels between neighbouring windows

    Raises:
        ValueError: a number is less than 1.
    """
    if min(size, window, stride) < 1:
        raise ValueError(f"no window has size {window} and stride {stride} in an input of {size}")
    total = max(0, (-(-size // stride) - 1) * stride + window - size)
    return total - total // 2, total // 2


def conv_same_forward(
    x: Array, w: Array, b: Array, conv_param: Mapping[str, int]
) -> tuple[Array, ConvSameCache]:
    """Forward: the convolution of the padded image.

    out[n, f, p, q] = b[f] + Σ_cij x_padded[n, c, p*stride + i, q*stride + j] w[f, c, i, j]

    Args:
        x: (N, C, H, W), images
        w: (F, C, HH, WW), filters
        b: (F,), biases
        conv_param: stride (pixels between windows)

    Returns:
        out: (N, F, OH, OW) with OH = ceil(H / stride) and OW likewise
        cache: what conv_same_backward needs

    Raises:
        ValueError: the filters have not the image's C channels, or the stride is less than 1.
    """
    stride = conv_param["stride"]
    sides = [same_padding(x.shape[i], w.shape[i], stride) for i in (2, 3)]
    padded = np.pad(x, ((0, 0), (0, 0), *sides))
    out, cache = conv_forward(_reached(padded, w, stride), w, b, {"stride": stride, "pad": 0})
    return out, (x.shape, (sides[0][0], sides[1][0]), cache)


def conv_same_backward(dout: Array, cache: ConvSameCache) -> tuple[Array, Array, Array]:
    """Backward: that of the convolution, without the zeros of the border.

    Args:
        dout: (N, F, OH, OW), the gradient of the loss with respect to out
        cache: from conv_same_forward

    Returns:
        dx, dw, db: gradients with the shapes of x, w and b
    """
    x_shape, (top, left), conv_cache = cache
    dreached, dw, db = conv_backward(dout, conv_cache)
    dx = np.zeros(x_shape, dtype=dreached.dtype)
    inside = dreached[:, :, top : top + x_shape[2], left : left + x_shape[3]]
    dx[:, :, : inside.shape[2], : inside.shape[3]] = inside
    return dx, dw, db


def _reached(padded: Array, w: Array, stride: int) -> Array:
    """Without the last pixels, if a stride larger than the window leaves them out."""
    H, W = (
        (size - window) // stride * stride + window
        for size, window in zip(padded.shape[2:], w.shape[2:], strict=True)
    )
    return padded[:, :, :H, :W]
