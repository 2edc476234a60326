"""The sums over one layer as formulas: output shape, parameters, multiply-adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reference.bugs.sheet import Family, Formulas, Signature


def steps(span: int, stride: int) -> int:
    """How many strides a window goes from one end to the other.

    Raises:
        ValueError: it is no whole number, or negative.
    """
    if span < 0 or span % stride:
        raise ValueError(f"windows do not fit: {span} pixels are left for strides of {stride}")
    return span // stride


FORMULAS: Formulas = {
    "C": lambda q: q.input_shape[0],
    "H": lambda q: q.input_shape[1],
    "W": lambda q: q.input_shape[2],
    "KH": lambda q: q.window[0],
    "KW": lambda q: q.window[1],
    # ---------------------------------------------------------------------------------- shapes
    "border": lambda q: 2 * q.pad,
    "span_h": lambda q: q.H + q.border - q.KH,
    "span_w": lambda q: q.W + q.border - q.KW,
    "OH": lambda q: steps(q.span_h, q.stride) + 1,
    "OW": lambda q: steps(q.span_w, q.stride) + 1,
    "depth": lambda q: q.F,
    "shape": lambda q: (q.depth, q.OH, q.OW),
    # ------------------------------------------------------------------------------ parameters
    "weights": lambda q: q.C * q.KH * q.KW * q.F,
    "biases": lambda q: q.F,
    "parameters": lambda q: q.weights + q.biases,
    # --------------------------------------------------------------- fully connected, separable
    "inputs": lambda q: q.C * q.H * q.W,
    "unit_biases": lambda q: q.M,
    "affine": lambda q: q.inputs * q.M + q.unit_biases,
    "depthwise": lambda q: q.KH * q.KW * q.C,
    "pointwise": lambda q: q.C * q.F,
    "separable_biases": lambda q: q.C + q.F,
    "separable": lambda q: q.depthwise + q.pointwise + q.separable_biases,
    # ----------------------------------------------------------------------------------- work
    "places": lambda q: q.OH * q.OW,
    "multiply_adds": lambda q: q.C * q.KH * q.KW * q.F * q.places,
}


def _conv(
    input_shape: Sequence[int], filters: int, kernel: Sequence[int], stride: int, pad: int
) -> dict[str, Any]:
    return {
        "input_shape": input_shape,
        "F": filters,
        "window": kernel,
        "stride": stride,
        "pad": pad,
    }


def _pool(input_shape: Sequence[int], window: Sequence[int], stride: int) -> dict[str, Any]:
    return {"input_shape": input_shape, "F": input_shape[0], "window": window} | {
        "stride": stride,
        "pad": 0,
    }


def _filters(channels: int, filters: int, kernel: Sequence[int]) -> dict[str, Any]:
    return {"C": channels, "F": filters, "window": kernel}


def _units(input_shape: Sequence[int], units: int) -> dict[str, Any]:
    return {"input_shape": input_shape, "M": units}


LAYER_SUMS = Family(
    "layer_sums",
    FORMULAS,
    {
        "conv_output_shape": Signature(_conv, lambda q: q.shape),
        "pool_output_shape": Signature(_pool, lambda q: q.shape),
        "conv_parameters": Signature(_filters, lambda q: q.parameters),
        "affine_parameters": Signature(_units, lambda q: q.affine),
        "separable_parameters": Signature(_filters, lambda q: q.separable),
        "conv_multiply_adds": Signature(_conv, lambda q: q.multiply_adds),
    },
)
