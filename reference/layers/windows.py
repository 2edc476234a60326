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
from reference.layers.whole_rows import whole_rows

Index = tuple[EllipsisType, slice, slice]
_BLOCK_BYTES = 1 << 21


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
        view = self._view(x)
        N, C, HH, WW, OH, OW = view.shape
        return view.reshape(N, C * HH * WW, OH * OW)

    def column_blocks(self, x: Array) -> Iterator[tuple[slice, Array]]:
        """``columns(x)`` with a row of ones below, a few images at a time: (which images, them).

        The ones are a pixel that every window has: its weight is a bias. The columns lie in the
        same memory each time, and the caller may overwrite all but the ones. All of them at once
        would be HH*WW times as large as x: it takes longer to get so much fresh memory, and to
        read it back from outside the cache, than to fill it.
        """
        view = self._view(x)
        N, C, HH, WW, OH, OW = view.shape
        memory: Array | None = None
        for images in blocks(N, view[:1].nbytes):
            part = view[images]
            if memory is None:
                memory = np.empty((len(part), C * HH * WW + 1, OH * OW), dtype=x.dtype)
                memory[:, -1] = 1
            cols = memory[: len(part)]
            np.copyto(cols[:, :-1].reshape(part.shape), part)
            yield images, cols

    def image(self, cols: Array, x_shape: tuple[int, int, int, int]) -> Array:
        """The adjoint of columns: every pixel receives the sum of its copies in cols.

        Args:
            cols: (N, C*HH*WW, OH*OW)
            x_shape: (N, C, H, W)

        Returns:
            x: (N, C, H, W)
        """
        padded = np.zeros(self.padded_shape(x_shape), dtype=cols.dtype)
        self.add_to_image(cols, padded)
        return self.unpadded(padded)

    def add_to_image(self, cols: Array, padded: Array) -> None:
        """Add to every pixel the sum of its copies in cols.

        Args:
            cols: (N, C*HH*WW, OH*OW)
            padded: (N, C, H + 2 pad, W + 2 pad), which is changed
        """
        N, C, H, W = padded.shape
        OH, OW = Windows(self.height, self.width, self.stride).grid((H, W))
        pixels = cols.reshape(N, C, self.height * self.width, OH, OW)
        with whole_rows(OH * OW):
            for k, index in enumerate(self.offsets((OH, OW))):
                padded[index] += pixels[:, :, k]

    def padded_shape(self, x_shape: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """(N, C, H + 2 pad, W + 2 pad)."""
        N, C, H, W = x_shape
        return N, C, H + 2 * self.pad, W + 2 * self.pad

    def unpadded(self, padded: Array) -> Array:
        """The image without its border."""
        H, W = padded.shape[2:]
        return padded[:, :, self.pad : H - self.pad, self.pad : W - self.pad]

    def _padded(self, x: Array) -> Array:
        if not self.pad:
            return x
        padded = np.zeros(self.padded_shape(x.shape), dtype=x.dtype)
        self.unpadded(padded)[...] = x
        return padded

    def _view(self, x: Array) -> Array:
        """(N, C, HH, WW, OH, OW): pixel (i, j) of every window, without copying."""
        self.grid(x.shape)  # refuses windows that do not fit
        view = sliding_window_view(self._padded(x), (self.height, self.width), axis=(2, 3))
        return view[:, :, :: self.stride, :: self.stride].transpose(0, 1, 4, 5, 2, 3)


def blocks(count: int, bytes_each: int) -> Iterator[slice]:
    """Cut ``count`` images into blocks that stay in the cache while they are worked on."""
    step = max(1, _BLOCK_BYTES // max(1, bytes_each))
    for start in range(0, count, step):
        yield slice(start, min(start + step, count))
