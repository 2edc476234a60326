"""Letting NumPy work on rows where they lie.

Where the operands of an operation do not lie alike (a value for each row, the pixels of windows),
NumPy gathers them in a buffer first, piece by piece, unless a row is longer than the buffer. That
takes up to three times as long as the arithmetic (measured with NumPy 2.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

_UNIT = 16
"""Buffers are a multiple of so many values, and at least as long."""


@contextmanager
def whole_rows(length: int) -> Iterator[None]:
    """Within it, rows of so many values and more are not gathered in a buffer."""
    usual = np.setbufsize(_UNIT)
    try:
        np.setbufsize(min(usual, max(_UNIT, length // _UNIT * _UNIT)))
        yield
    finally:
        np.setbufsize(usual)
