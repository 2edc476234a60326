"""What one layer makes of an image, and how many numbers it has to learn.

Source: course lecture "Convolutional layers" (its worked examples) and, for the separable
convolution, Howard et al. 2017, section 3.1. Shapes are (C, H, W), as everywhere in the homework.
"""

from __future__ import annotations

from collections.abc import Sequence

from reference.layers.windows import output_size

Shape = tuple[int, int, int]


def conv_output_shape(
    input_shape: Sequence[int], filters: int, kernel: Sequence[int], stride: int, pad: int
) -> Shape:
    """(F, OH, OW) with OH = (H + 2 pad - HH) / stride + 1, and OW likewise.

    Args:
        input_shape: (C, H, W)
        filters: F
        kernel: (HH, WW)
        stride: pixels between windows
        pad: zeros on each side

    Raises:
        ValueError: the windows do not fit the padded image.
    """
    _, H, W = input_shape
    HH, WW = kernel
    return filters, output_size(H, HH, stride, pad), output_size(W, WW, stride, pad)


def pool_output_shape(input_shape: Sequence[int], window: Sequence[int], stride: int) -> Shape:
    """(C, OH, OW) with OH = (H - HH) / stride + 1, and OW likewise.

    Args:
        input_shape: (C, H, W)
        window: (HH, WW)
        stride: pixels between windows

    Raises:
        ValueError: the windows do not fit the image.
    """
    C, H, W = input_shape
    HH, WW = window
    return C, output_size(H, HH, stride), output_size(W, WW, stride)


def conv_parameters(channels: int, filters: int, kernel: Sequence[int]) -> int:
    """(C HH WW + 1) F: each filter has a weight for each pixel of a window, and a bias.

    Args:
        channels: C, of the image
        filters: F
        kernel: (HH, WW)
    """
    HH, WW = kernel
    return (channels * HH * WW + 1) * filters


def affine_parameters(input_shape: Sequence[int], units: int) -> int:
    """(C H W + 1) M: each unit has a weight for each value of the image, and a bias.

    Args:
        input_shape: (C, H, W)
        units: M
    """
    C, H, W = input_shape
    return (C * H * W + 1) * units


def separable_parameters(channels: int, filters: int, kernel: Sequence[int]) -> int:
    """(HH WW + 1) C + (C + 1) F: a filter for each channel, then F filters of 1 x 1.

    Args:
        channels: C, of the image
        filters: F, of the pointwise convolution
        kernel: (HH, WW), of the depthwise convolution
    """
    HH, WW = kernel
    return conv_parameters(1, channels, (HH, WW)) + conv_parameters(channels, filters, (1, 1))


def conv_multiply_adds(
    input_shape: Sequence[int], filters: int, kernel: Sequence[int], stride: int, pad: int
) -> int:
    """C HH WW * F OH OW: each output value takes one for each weight of its filter.

    Biases are left out of account. Arguments and errors are those of conv_output_shape.
    """
    F, OH, OW = conv_output_shape(input_shape, filters, kernel, stride, pad)
    HH, WW = kernel
    return input_shape[0] * HH * WW * F * OH * OW
