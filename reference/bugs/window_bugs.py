"""Mistakes in where the windows lie, which convolution and pooling share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.bugs.bug import Bug
from reference.bugs.sheet import Formulas, Sheet
from reference.bugs.window_formulas import Array, look, places


def window_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """The shared rows of a forward table; ``bug`` is that table's word."""
    return (
        bug(
            "does_not_fit_floored",
            "where windows do not fit exactly, the rest of the input is silently left out; it "
            "should be refused with a ValueError",
            "when does the division in the output size leave a remainder?",
            HO=lambda q: (q.H - q.KH) // q.stride + 1,
            WO=lambda q: (q.W - q.KW) // q.stride + 1,
        ),
        bug(
            "stride_ignored",
            "the stride is ignored, and a window is placed at every pixel; windows should be "
            "stride pixels apart",
            "where does your code use stride?",
            HO=lambda q: q.H - q.KH + 1,
            WO=lambda q: q.W - q.KW + 1,
            row_step=lambda _: 1,
            col_step=lambda _: 1,
        ),
        bug(
            "stride_only_in_size",
            "the output has the right size, but its windows are one pixel apart; they should be "
            "stride pixels apart",
            "where does the window of output pixel (1, 0) begin?",
            row_step=lambda _: 1,
            col_step=lambda _: 1,
        ),
        bug(
            "window_for_stride",
            "the windows are as far apart as they are large; they should be stride pixels apart",
            "the size of a window and the stride are two numbers",
            HO=lambda q: q.H // q.KH,
            WO=lambda q: q.W // q.KW,
            row_step=lambda q: q.KH,
            col_step=lambda q: q.KW,
        ),
        bug(
            "size_divided_by_window",
            "the output size is the input's divided by the window's; the stride decides how many "
            "windows there are",
            "how often can a window of 3 move by 2 in an input of 7?",
            HO=lambda q: min(q.H // q.KH, (q.H - q.KH) // q.stride + 1),
            WO=lambda q: min(q.W // q.KW, (q.W - q.KW) // q.stride + 1),
        ),
        bug(
            "size_one_short",
            "the output lacks its last row and column: the + 1 of the output size is missing",
            "how many windows of 3 are there in an input of 3?",
            HO=lambda q: (q.H - q.KH) // q.stride,
            WO=lambda q: (q.W - q.KW) // q.stride,
        ),
        bug(
            "height_for_width",
            "the output's width is computed from the input's height; it should be from its width",
            "try an input that is not square",
            WO=lambda q: q.HO,
        ),
    )


def pool_window_bugs(bug: Callable[..., Bug], summary: Callable[[Array], Array]) -> tuple[Bug, ...]:
    """The rows that both pooling layers' forward tables share.

    Args:
        bug: that table's word.
        summary: what a layer makes of the last axis, of which NaN are no part.
    """
    return (
        *window_bugs(bug),
        bug(
            "stride_for_window",
            "the windows are as large as the stride; they should be pool_height by pool_width",
            "the size of a window and the stride are two numbers",
            rows=lambda q: places(q.HO, q.stride, q.stride),
            cols=lambda q: places(q.WO, q.stride, q.stride),
        ),
        bug(
            "window_height_for_width",
            "the windows are square, pool_height by pool_height; they should be pool_width wide",
            "try a window that is not square",
            KW=lambda q: q.pool_height,
        ),
        bug(
            "window_width_for_height",
            "the windows are square, pool_width by pool_width; they should be pool_height high",
            "try a window that is not square",
            KH=lambda q: q.pool_width,
        ),
        bug(
            "window_turned",
            "the height and the width of the windows are exchanged",
            "which axis of x is the height?",
            KH=lambda q: q.pool_width,
            KW=lambda q: q.pool_height,
        ),
        bug(
            "size_plus_one_by_stride",
            "the output size is (size + 1) / stride, which is right for some sizes only; the size "
            "of the windows decides it, too",
            "how many windows of 3 are there in an input of 7 with stride 2?",
            HO=lambda q: (q.H + 1) // q.stride,
            WO=lambda q: (q.W + 1) // q.stride,
            out=lambda q: summary(_cut_off(q)),
        ),
    )


def pool_backward_bugs(
    bug: Callable[..., Bug], formulas: Formulas, beyond: float
) -> tuple[Bug, ...]:
    """The rows that both pooling layers' backward tables share.

    Args:
        bug: that table's word.
        formulas: the layer's.
        beyond: what windows see that reach beyond the image.
    """

    def dx_with_window(q: Sheet, height: int, width: int) -> Array:
        H, W = q.x.shape[2:]
        x = np.pad(q.x, ((0, 0), (0, 0), (0, height), (0, width)), constant_values=beyond)
        given = {"x": x, "dout": q.dout, "stride": q.stride, "HO": q.HO, "WO": q.WO}
        window = {"pool_height": height, "pool_width": width}
        dx: Array = Sheet(formulas, {**given, **window}).dx[:, :, :H, :W]
        return dx

    return (
        bug(
            "columns_counted_by_rows",
            "dx is added up over as many columns of the output as it has rows; the last columns "
            "send no gradient back",
            "try an output that is not square",
            upstream=lambda q: _first_columns(q.dout)[..., np.newaxis, np.newaxis],
        ),
        bug(
            "window_height_for_width_in_backward",
            "the windows of dx are square, pool_height by pool_height; they should be pool_width "
            "wide",
            "try a window that is not square",
            dx=lambda q: dx_with_window(q, q.pool_height, q.pool_height),
        ),
        bug(
            "window_width_for_height_in_backward",
            "the windows of dx are square, pool_width by pool_width; they should be pool_height "
            "high",
            "try a window that is not square",
            dx=lambda q: dx_with_window(q, q.pool_width, q.pool_width),
        ),
        bug(
            "window_turned_in_backward",
            "the height and the width of the windows of dx are exchanged",
            "which axis of x is the height?",
            dx=lambda q: dx_with_window(q, q.pool_width, q.pool_height),
        ),
    )


def _cut_off(q: Sheet) -> Array:
    """The pixels of each window; NaN for those that lie beyond the image.

    Raises:
        ValueError: a window has no pixel, as for the maximum of an empty slice.
    """
    beyond = ((0, 0), (0, 0), (0, q.H), (0, q.W))
    windows = look(np.pad(q.image, beyond, constant_values=np.nan), q.rows, q.cols)
    pixels = windows.reshape(*windows.shape[:4], -1)
    if np.isnan(pixels).all(axis=-1).any():
        raise ValueError("zero-size array")
    return pixels


def _first_columns(dout: Array) -> Array:
    kept = dout.copy()
    kept[..., dout.shape[2] :] = 0
    return kept
