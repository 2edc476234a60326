"""How many windows lie along one axis, with or without rounding.

The course's rule is that windows must fit exactly (reference/layers/windows.py). Some published
networks round instead; their data says so, layer by layer.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from reference.layers.windows import output_size

Rounding: TypeAlias = Literal["exact", "floor", "ceil"]


def windows_along(
    size: int, window: int, stride: int, pad: int = 0, rounding: Rounding = "exact"
) -> int:
    """(size + 2 pad - window) / stride + 1, rounded as told.

    Args:
        size: pixels of the image along this axis
        window: pixels of the window along this axis
        stride: pixels between neighbouring windows
        pad: pixels added at each end
        rounding: "exact" for the course's rule; "floor" drops the pixels that are left over at
            the end; "ceil" adds one window that sticks out there (Caffe's pooling)

    Raises:
        ValueError: the windows do not fit.
    """
    rest = max(size + 2 * pad - window, 0) % max(stride, 1)
    if rest == 0 or rounding == "exact":
        return output_size(size, window, stride, pad)
    return output_size(size - rest, window, stride, pad) + (rounding == "ceil")
