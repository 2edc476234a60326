"""Fixed kernels: what filters did before they were learnt.

Source: course lecture "Convolutional layers" (blur, edge detection, sharpen, Gaussian blur);
Gonzalez, Woods, "Digital Image Processing", chapter 3.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.arrays import Array
from reference.layers.conv_same import same_padding


def box_kernel(size: int) -> Array:
    """The mean of a window: (size, size), every weight 1 / size².

    Raises:
        ValueError: the size is less than 1.
    """
    _need_positive(size)
    return np.full((size, size), 1 / size**2)


def gaussian_kernel(size: int, sigma: float) -> Array:
    """A mean that weighs near pixels more: (size, size), with sum 1.

    weight[i, j] ∝ exp(-((i - m)² + (j - m)²) / (2 sigma²)), m = (size - 1) / 2

    Args:
        size: rows and columns
        sigma: standard deviation, in pixels

    Raises:
        ValueError: the size is less than 1, or sigma is not positive.
    """
    _need_positive(size, sigma)
    from_middle = np.arange(size) - (size - 1) / 2
    row = np.exp(-(from_middle**2) / (2 * sigma**2))
    weights: Array = np.outer(row, row) / row.sum() ** 2
    return weights


def sharpen_kernel() -> Array:
    """The pixel, plus what it is more than its four neighbours: (3, 3), with sum 1."""
    return np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])


def edge_kernel() -> Array:
    """Eight times the pixel, minus its eight neighbours: (3, 3), with sum 0."""
    return np.array([[-1.0, -1.0, -1.0], [-1.0, 8.0, -1.0], [-1.0, -1.0, -1.0]])


def apply_kernel(image: Array, kernel: Array) -> Array:
    """Slide a kernel over an image, without turning it; around the image are zeros.

    out[p, q] = Σ_ij image[p + i - top, q + j - left] kernel[i, j]

    with top = ceil((h - 1) / 2) and left = ceil((w - 1) / 2), so that the output is as large as
    the image and the middle of an odd kernel lies on the pixel.

    Args:
        image: (H, W)
        kernel: (h, w)

    Returns:
        out: (H, W)

    Raises:
        ValueError: image or kernel are empty.
    """
    sides = [same_padding(*sizes) for sizes in zip(image.shape, kernel.shape, strict=True)]
    windows = sliding_window_view(np.pad(image, sides), kernel.shape)
    out: Array = (windows * kernel).sum(axis=(2, 3))
    return out


def _need_positive(*numbers: float) -> None:
    if min(numbers) <= 0:
        raise ValueError(f"a kernel's size and sigma are positive; got {min(numbers)}")
