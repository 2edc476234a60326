"""Cutout: hide a square of the image, so that no single part decides.

Source: DeVries and Taylor 2017.
"""

from __future__ import annotations

from reference.arrays import Array, Labels


def cutout(x: Array, centres: Labels, size: int) -> Array:
    """Set a square of each image to 0, in all channels; what lies outside the image is cut off.

    The rows are r − ⌊size/2⌋ up to, not including, r − ⌊size/2⌋ + size; columns likewise.

    Args:
        x: (N, C, H, W)
        centres: (N, 2), row r and column of each square's centre, within the image
        size: side of the squares

    Returns:
        out: (N, C, H, W)
    """
    out = x.copy()
    for n, (row, col) in enumerate(centres):
        top, left = row - size // 2, col - size // 2
        out[n, :, max(top, 0) : top + size, max(left, 0) : left + size] = 0
    return out
