"""What a whole network costs, layer by layer and added up.

Source: course lecture "CNN architectures" (the table of VGG's memory and weights).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reference.architectures.layer_sums import (
    affine_parameters,
    conv_multiply_adds,
    conv_output_shape,
    conv_parameters,
    pool_output_shape,
)

Shape = tuple[int, int, int]


def network_totals(
    input_shape: Sequence[int], layers: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Add up what the layers of a network cost for one image.

    Args:
        input_shape: (C, H, W)
        layers: dicts, the first layer first. Each has a ``type``: "conv" with filters, kernel (of
            kernel x kernel pixels), stride, pad; "pool" with window (of window x window pixels),
            stride; "affine" with units.

    Returns:
        shape: (C, H, W) of what comes out; (M, 1, 1) after an affine layer
        parameters: weights and biases
        values: numbers kept of a forward pass: the image, and every layer's output
        multiply_adds: one for each weight that an output value uses

    Raises:
        ValueError: a layer's windows do not fit what comes before it.
    """
    C, H, W = input_shape
    shape = C, H, W
    parameters, values, multiply_adds = 0, C * H * W, 0
    for layer in layers:
        learned, work, shape = _layer(shape, layer)
        parameters += learned
        multiply_adds += work
        values += shape[0] * shape[1] * shape[2]
    return {
        "shape": shape,
        "parameters": parameters,
        "values": values,
        "multiply_adds": multiply_adds,
    }


def _layer(shape: Shape, layer: Mapping[str, Any]) -> tuple[int, int, Shape]:
    """Parameters, multiply-adds and output shape of one layer."""
    if layer["type"] == "conv":
        kernel = layer["kernel"], layer["kernel"]
        geometry = layer["filters"], kernel, layer["stride"], layer["pad"]
        return (
            conv_parameters(shape[0], layer["filters"], kernel),
            conv_multiply_adds(shape, *geometry),
            conv_output_shape(shape, *geometry),
        )
    if layer["type"] == "pool":
        return 0, 0, pool_output_shape(shape, (layer["window"], layer["window"]), layer["stride"])
    units = layer["units"]
    learned = affine_parameters(shape, units)
    return learned, learned - units, (units, 1, 1)
