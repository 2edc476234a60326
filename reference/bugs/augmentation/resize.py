"""Resizing as a table of formulas, and mistakes in it.

nearest:  out[i, j] = x[⌊i H / height⌋, ⌊j W / width⌋]
bilinear: between the pixels around (i + ½) H / height - ½, and columns likewise
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _scaled(new: int, old: int, dtype: Any) -> Any:
    """The numbers 0..new-1, times old / new."""
    return np.arange(new, dtype=dtype) * old / new


def _centres(new: int, old: int, dtype: Any) -> Any:
    return (np.arange(new, dtype=dtype) + 0.5) * old / new - 0.5


def _corners(new: int, old: int, dtype: Any) -> Any:
    return np.arange(new, dtype=dtype) * (old - 1) / (new - 1)


def _interpolated(x: Any, place: Any, axis: int) -> Any:
    last = x.shape[axis] - 1
    first = np.clip(np.floor(place).astype(int), 0, last)
    f = (place - first).reshape([-1 if a == axis else 1 for a in range(x.ndim)])
    return (1 - f) * x.take(first, axis) + f * x.take(np.minimum(first + 1, last), axis)


def _nearer(place: Any) -> Any:
    return np.floor(place + 0.5)


RESIZE_FORMULAS: Formulas = {
    "H": lambda q: q.x.shape[2],
    "W": lambda q: q.x.shape[3],
    "rows": lambda q: q.height,
    "cols": lambda q: q.width,
    # -------------------------------------------------------------------------------- nearest
    "row": lambda q: np.arange(q.rows) * q.H // q.rows,
    "col": lambda q: np.arange(q.cols) * q.W // q.cols,
    "nearest": lambda q: q.x[:, :, _inside(q.row, q.H)][..., _inside(q.col, q.W)],
    # ------------------------------------------------------------------------------- bilinear
    "y": lambda q: _centres(q.rows, q.H, q.x.dtype),
    "x_": lambda q: _centres(q.cols, q.W, q.x.dtype),
    "y_inside": lambda q: np.clip(q.y, 0, q.H - 1),
    "x_inside": lambda q: np.clip(q.x_, 0, q.W - 1),
    "tall": lambda q: _interpolated(q.x, q.y_inside, 2),
    "bilinear": lambda q: _interpolated(q.tall, q.x_inside, 3),
}


def _inside(index: Any, size: int) -> Any:
    return np.clip(index.astype(int), 0, size - 1)


def _given(x: Any, height: int, width: int) -> dict[str, Any]:
    return {"x": x, "height": height, "width": width}


RESIZE = Family(
    "resize",
    RESIZE_FORMULAS,
    {
        "resize_nearest": Signature(_given, lambda q: q.nearest),
        "resize_bilinear": Signature(_given, lambda q: q.bilinear),
    },
)

bug = bugs_of(RESIZE, "resize_nearest")
linear_bug = bugs_of(RESIZE, "resize_bilinear")


def _weights_exchanged(x: Any, place: Any, axis: int) -> Any:
    return _interpolated(x, 2 * np.floor(place) + 1 - place, axis)


def _nearest_rows(q: Sheet) -> Any:
    return q.x.take(_nearer(q.y_inside).astype(int), 2)


RESIZE_BUGS = (
    # -------------------------------------------------------------------------------- nearest
    bug(
        "rounded",
        "the place in the image is rounded to the nearest whole number; it should be rounded down",
        "compare with the formula for the first and the last pixel",
        row=lambda q: _nearer(_scaled(q.rows, q.H, float)),
        col=lambda q: _nearer(_scaled(q.cols, q.W, float)),
    ),
    bug(
        "rounded_up",
        "the place in the image is rounded up; it should be rounded down",
        "compare with the formula for the first and the last pixel",
        row=lambda q: np.ceil(_scaled(q.rows, q.H, float)),
        col=lambda q: np.ceil(_scaled(q.cols, q.W, float)),
    ),
    bug(
        "nearest_to_centres",
        "the pixel under the centre of the new one is taken; by the formula it is the pixel under "
        "its top left corner",
        "both are in use: compare with the formula",
        row=lambda q: np.floor(_centres(q.rows, q.H, float) + 0.5),
        col=lambda q: np.floor(_centres(q.cols, q.W, float) + 0.5),
    ),
    bug(
        "nearest_with_corners_aligned",
        "first and last pixel are made to coincide, with sizes less one in the ratio; the ratio is "
        "that of the sizes",
        "by which number is the index multiplied in the formula?",
        row=lambda q: _nearer(_corners(q.rows, q.H, float)),
        col=lambda q: _nearer(_corners(q.cols, q.W, float)),
    ),
    bug(
        "ratio_inverted",
        "the ratio of new to old size is used; it should be old to new",
        "which pixel of the image belongs to the last one of the result?",
        row=lambda q: np.arange(q.rows) * q.rows // q.H,
        col=lambda q: np.arange(q.cols) * q.cols // q.W,
    ),
    bug(
        "ratio_of_rows_for_columns",
        "the columns are scaled by the ratio of the heights; they have their own",
        "try an image that is not square",
        col=lambda q: np.arange(q.cols) * q.H // q.rows,
    ),
    bug(
        "sizes_exchanged",
        "height and width of the result are exchanged; rows come first",
        "what shape should the result have?",
        rows=lambda q: q.width,
        cols=lambda q: q.height,
    ),
    bug(
        "repeats_the_image",
        "the image is repeated or cut off at its own size; it should be stretched",
        "which pixel of the image belongs to the last one of the result?",
        row=lambda q: np.arange(q.rows) % q.H,
        col=lambda q: np.arange(q.cols) % q.W,
    ),
    # ------------------------------------------------------------------------------- bilinear
    linear_bug(
        "linear_with_corners_aligned",
        "first and last pixel are made to coincide, with sizes less one in the ratio; by the "
        "formula it is the edges of the image that coincide",
        "where does the centre of the first pixel lie?",
        y=lambda q: _corners(q.rows, q.H, q.x.dtype),
        x_=lambda q: _corners(q.cols, q.W, q.x.dtype),
    ),
    linear_bug(
        "no_half_pixel",
        "the halves are missing in the place of a pixel's centre; they should be added before the "
        "scaling and subtracted after it",
        "where does the centre of the first pixel lie?",
        y=lambda q: _scaled(q.rows, q.H, q.x.dtype),
        x_=lambda q: _scaled(q.cols, q.W, q.x.dtype),
    ),
    linear_bug(
        "half_pixel_not_subtracted",
        "the half of a pixel is not subtracted after the scaling; the pixels of the image have "
        "their centres at halves, too",
        "resize an image to its own size: what should come out?",
        y=lambda q: _centres(q.rows, q.H, q.x.dtype) + 0.5,
        x_=lambda q: _centres(q.cols, q.W, q.x.dtype) + 0.5,
    ),
    linear_bug(
        "not_moved_inside",
        "beyond the centres of the border's pixels the image is extrapolated; the place should be "
        "moved inside first",
        "can a pixel of the result be brighter than all of the image?",
        y_inside=lambda q: q.y,
        x_inside=lambda q: q.x_,
    ),
    linear_bug(
        "weights_exchanged",
        "the two weights are exchanged, so the farther pixel counts more; it should be the nearer",
        "how much does a pixel count that lies exactly at the place?",
        tall=lambda q: _weights_exchanged(q.x, q.y_inside, 2),
        bilinear=lambda q: _weights_exchanged(q.tall, q.x_inside, 3),
    ),
    linear_bug(
        "nearest_instead",
        "the nearest pixel is taken; it should be interpolated between four",
        "this is the other way to resize",
        tall=_nearest_rows,
        bilinear=lambda q: q.tall.take(_nearer(q.x_inside).astype(int), 3),
    ),
    linear_bug(
        "only_columns_interpolated",
        "only the columns are interpolated, of the nearest rows; rows should be, too",
        "how many pixels lie around a place?",
        tall=_nearest_rows,
    ),
    linear_bug(
        "only_rows_interpolated",
        "only the rows are interpolated, of the nearest columns; columns should be, too",
        "how many pixels lie around a place?",
        bilinear=lambda q: q.tall.take(_nearer(q.x_inside).astype(int), 3),
    ),
    linear_bug(
        "mean_of_four",
        "the four pixels around a place count alike; the nearer ones should count more",
        "what is the weight of a pixel that lies exactly at the place?",
        tall=lambda q: _interpolated(q.x, np.floor(q.y_inside) + 0.5, 2),
        bilinear=lambda q: _interpolated(q.tall, np.floor(q.x_inside) + 0.5, 3),
    ),
    linear_bug(
        "linear_ratio_inverted",
        "the ratio of new to old size is used; it should be old to new",
        "which pixel of the image belongs to the last one of the result?",
        y=lambda q: (np.arange(q.rows) + 0.5) * q.rows / q.H - 0.5,
        x_=lambda q: (np.arange(q.cols) + 0.5) * q.cols / q.W - 0.5,
    ),
    linear_bug(
        "linear_sizes_exchanged",
        "height and width of the result are exchanged; rows come first",
        "what shape should the result have?",
        rows=lambda q: q.width,
        cols=lambda q: q.height,
    ),
)
