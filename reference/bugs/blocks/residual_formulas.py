"""Residual blocks as tables of formulas.

    out = relu(main + shortcut), main = conv2(relu(conv1(x)))

where shortcut is x or, in a block with a projection, a convolution of 1 by 1 over x.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reference.bugs.blocks.convolutions import back, convolution, relu
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.window_formulas import Array

RESIDUAL_FORMULAS: Formulas = {
    "first": lambda q: convolution(q.x, q.W1, q.b1, q.stride),
    "hidden": lambda q: relu(q.first.out),
    "second": lambda q: convolution(q.hidden, q.W2, q.b2),
    "main": lambda q: q.second.out,
    "shortcut": lambda q: q.x,
    "total": lambda q: q.main + q.shortcut,
    "out": lambda q: relu(q.total),
    # ------------------------------------------------------------------------------- backward
    "upstream": lambda q: q.dout,
    "dtotal": lambda q: q.upstream * (q.total > 0),
    "dmain": lambda q: q.dtotal,
    "dshortcut": lambda q: q.dtotal,
    "second_back": lambda q: back(q.second, q.dmain),
    "dhidden": lambda q: q.second_back.dx,
    "dfirst": lambda q: q.dhidden * (q.first.out > 0),
    "first_back": lambda q: back(q.first, q.dfirst),
    "dx_main": lambda q: q.first_back.dx,
    "dx_shortcut": lambda q: q.dshortcut,
    "dx": lambda q: q.dx_main + q.dx_shortcut,
    "dW1": lambda q: q.first_back.dw,
    "db1": lambda q: q.first_back.db,
    "dW2": lambda q: q.second_back.dw,
    "db2": lambda q: q.second_back.db,
}

PROJECTION_FORMULAS: Formulas = {
    **RESIDUAL_FORMULAS,
    "projection": lambda q: convolution(q.x, q.Wp, q.bp, q.stride),
    "shortcut": lambda q: q.projection.out,
    "projection_back": lambda q: back(q.projection, q.dshortcut),
    "dx_shortcut": lambda q: q.projection_back.dx,
    "dWp": lambda q: q.projection_back.dw,
    "dbp": lambda q: q.projection_back.db,
}

_NAMES = ("W1", "b1", "W2", "b2")


def _forward(x: Array, params: Mapping[str, Array], stride: int = 1) -> dict[str, Any]:
    return {"x": x, "stride": stride, **params}


def _backward(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
    return {"dout": dout, **cache}


def _family(name: str, formulas: Formulas, params: tuple[str, ...]) -> Family:
    def out_and_cache(q: Sheet) -> tuple[Any, dict[str, Any]]:
        return q.out, {key: getattr(q, key) for key in ("x", "stride", *params)}

    def dx_and_grads(q: Sheet) -> tuple[Any, dict[str, Any]]:
        return q.dx, {key: getattr(q, f"d{key}") for key in params}

    return Family(
        name,
        formulas,
        {
            f"{name}_forward": Signature(_forward, out_and_cache),
            f"{name}_backward": Signature(_backward, dx_and_grads),
        },
    )


RESIDUAL = _family("residual", RESIDUAL_FORMULAS, _NAMES)
PROJECTION = _family("residual_projection", PROJECTION_FORMULAS, (*_NAMES, "Wp", "bp"))
