"""Max and average pooling as tables of formulas.

    max:      out[n, c, i, j] = the largest pixel of window (i, j) of x[n, c]
    average:  out[n, c, i, j] = the mean of that window's pixels

A test holds these formulas against reference/layers/max_pool.py and avg_pool.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.window_formulas import WINDOW_FORMULAS, Array, spread

POOL_FORMULAS: Formulas = {
    "image": lambda q: q.x,
    "KH": lambda q: q.pool_height,
    "KW": lambda q: q.pool_width,
    **WINDOW_FORMULAS,
    # ------------------------------------------------------------------------------- backward
    "upstream": lambda q: q.dout[..., np.newaxis, np.newaxis],  # one for each window
    "dx": lambda q: spread(q.dwindows, q.rows, q.cols, q.x.shape),
}

MAX_POOL_FORMULAS: Formulas = {
    **POOL_FORMULAS,
    "out": lambda q: q.windows.max(axis=(4, 5)),
    "largest": lambda q: q.windows.max(axis=(4, 5), keepdims=True),
    "mask": lambda q: q.windows == q.largest,
    "dwindows": lambda q: q.upstream * q.mask,
}

AVG_POOL_FORMULAS: Formulas = {
    **POOL_FORMULAS,
    "divisor": lambda q: q.KH * q.KW,
    "out": lambda q: q.windows.sum(axis=(4, 5)) / q.divisor,
    "share": lambda q: np.full((q.KH, q.KW), 1 / q.divisor, dtype=q.x.dtype),
    "dwindows": lambda q: q.upstream * q.share,
}

_GIVEN = ("x", "pool_height", "pool_width", "stride")


def _forward(x: Array, pool_param: Mapping[str, int]) -> dict[str, Any]:
    return {"x": x, **pool_param}


def _out_and_cache(q: Sheet) -> tuple[Any, dict[str, Any]]:
    return q.out, {name: getattr(q, name) for name in _GIVEN}


def _backward(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
    return {"dout": dout, **cache}


def _family(name: str, formulas: Formulas) -> Family:
    return Family(
        name,
        formulas,
        {
            f"{name}_forward": Signature(_forward, _out_and_cache),
            f"{name}_backward": Signature(_backward, lambda q: q.dx),
        },
    )


MAX_POOL = _family("max_pool", MAX_POOL_FORMULAS)
AVG_POOL = _family("avg_pool", AVG_POOL_FORMULAS)
