"""Windows that slide over images: the geometry that convolution and pooling share.

A window of HH by WW pixels moves over an image of H by W pixels, padded with ``pad`` zeros on each
side, in steps of ``stride``. Windows must tile the padded image exactly; the rule for that is
written here, once.

Source: course lecture "Convolutional layers", output size (N + 2P - F) / S + 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import EllipsisType

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.arrays import Array

Index = tuple[EllipsisType, slice, slice]


def output_size(size: int, window: int, stride: int, pad: int = 0) -> int:
    """(size + 2 pad - window) / stride + 1: how many windows lie along one axis.

    Args:
        size: pixels of the image along this axis
        window: pixels of the window along this axis
        stride: pixels between neighbouring windows
        pad: zeros added at each end

    Raises:
        ValueError: the windows do not fit, that is, the division leaves a remainder or the window
            is larger than the padded image; or a number is not one a window can have.
    """
    if window < 1 or stride < 1 or pad < 0:
        raise ValueError(f"no window has size {window}, stride {stride} and padding {pad}")
    steps, remainder = divmod(size + 2 * pad - window, stride)
    if steps < 0 or remainder:
        raise ValueError(
            f"a window of {window} with stride {stride} does not fit an input of {size}"
            + (f" padded by {pad}" if pad else "")
        )
    return steps + 1


@dataclass(frozen=True)
class Windows:
    """The windows of one layer over its input x (N, C, H, W).

    Args:
        height, width: HH, WW, the size of a window
        stride: pixels between neighbouring windows, down and across
        pad: zeros around the image

    Every method raises ValueError when the windows do not fit the image.
    """

    height: int
    width: int
    stride: int
    pad: int = 0

    def grid(self, x_shape: tuple[int, ...]) -> tuple[int, int]:
        """(OH, OW): how many windows lie down and across an image of this shape."""
        H, W = x_shape[-2:]
        return (
            output_size(H, self.height, self.stride, self.pad),
            output_size(W, self.width, self.stride, self.pad),
        )

    def offsets(self, grid: tuple[int, int]) -> Iterator[Index]:
        """For each pixel (i, j) of a window, row by row: where all windows have that pixel.

        ``padded[index]`` is then (..., OH, OW): pixel (i, j) of every window. What a loop over
        the windows would do, a loop over the few pixels of one window does for all at once.
        """
        OH, OW = grid
        for i in range(self.height):
            for j in range(self.width):
                rows = slice(i, i + self.stride * OH, self.stride)
                columns = slice(j, j + self.stride * OW, self.stride)
                yield ..., rows, columns

    def columns(self, x: Array) -> Array:
        """Im2col: cols[n, (c, i, j), l] = pixel (i, j) of window l in channel c of image n.

        Args:
            x: (N, C, H, W)

        Returns:
            cols: (N, C*HH*WW, OH*OW)
        """
        N, C = x.shape[:2]
        OH, OW = self.grid(x.shape)
        view = sliding_window_view(self._padded(x), (self.height, self.width), axis=(2, 3))
        view = view[:, :, :: self.stride, :: self.stride]  # (N, C, OH, OW, HH, WW)
        return view.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * self.height * self.width, OH * OW)

    def image(self, cols: Array, x_shape: tuple[int, int, int, int]) -> Array:
        """The adjoint of columns: every pixel receives the sum of its copies in cols.

        Args:
            cols: (N, C*HH*WW, OH*OW)
            x_shape: (N, C, H, W)

        Returns:
            x: (N, C, H, W)
        """
        N, C, H, W = x_shape
        OH, OW = self.grid(x_shape)
        p = self.pad
        padded = np.zeros((N, C, H + 2 * p, W + 2 * p), dtype=cols.dtype)
        pixels = cols.reshape(N, C, self.height * self.width, OH, OW)
        for k, index in enumerate(self.offsets((OH, OW))):
            padded[index] += pixels[:, :, k]
        return padded[:, :, p : p + H, p : p + W]

    def _padded(self, x: Array) -> Array:
        p = self.pad
        return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))) if p else x
