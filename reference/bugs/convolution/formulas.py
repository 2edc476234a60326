"""Convolution as a table of formulas.

    out[n, f, i, j] = b[f] + Σ_chw image[n, c, i stride + h, j stride + w] w[f, c, h, w]

where image is x with a border of ``pad`` zeros. A test holds these formulas against
reference/layers/conv.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.bugs.sheet import Family, Formulas, Signature
from reference.bugs.window_formulas import WINDOW_FORMULAS, Array, spread


def padded(x: Array, pad: int, mode: Any = "constant") -> Array:
    """X with a border of ``pad`` pixels around every plane."""
    if mode == "constant":  # the usual case, without what np.pad takes for its generality
        N, C, H, W = x.shape
        image = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
        image[:, :, pad : pad + H, pad : pad + W] = x
        return image
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode=mode)


FORMULAS: Formulas = {
    "image": lambda q: padded(q.x, q.pad),
    "KH": lambda q: q.w.shape[2],
    "KW": lambda q: q.w.shape[3],
    **WINDOW_FORMULAS,
    "kernel": lambda q: q.w,
    # -------------------------------------------------------------------------------- forward
    "products": lambda q: np.einsum("ncijhw,fchw->nfij", q.windows, q.kernel),
    "bias": lambda q: q.b[:, np.newaxis, np.newaxis],
    "out": lambda q: q.products + q.bias,
    # ------------------------------------------------------------------------------- backward
    "upstream": lambda q: q.dout,
    "dwindows": lambda q: np.einsum("nfij,fchw->ncijhw", q.upstream, q.kernel),
    "dimage": lambda q: spread(q.dwindows, q.rows, q.cols, q.image.shape),
    "dx": lambda q: q.dimage[:, :, q.pad : q.H - q.pad, q.pad : q.W - q.pad],
    "dw": lambda q: np.einsum("nfij,ncijhw->fchw", q.upstream, q.windows),
    "db": lambda q: q.upstream.sum(axis=(0, 2, 3)),
}


def _forward(x: Array, w: Array, b: Array, conv_param: Mapping[str, int]) -> dict[str, Any]:
    return {"x": x, "w": w, "b": b, **conv_param}


def _backward(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
    return {"dout": dout, **cache}


CONV = Family(
    "conv",
    FORMULAS,
    {
        "conv_forward": Signature(
            _forward,
            lambda q: (q.out, {k: getattr(q, k) for k in ("x", "w", "b", "pad", "stride")}),
        ),
        "conv_backward": Signature(_backward, lambda q: (q.dx, q.dw, q.db)),
    },
)
