"""Mistakes in adding up what a network costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reference.bugs.architectures.layer_sums import FORMULAS as ONE_LAYER
from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Shape = tuple[int, int, int]


def _given(input_shape: Sequence[int], layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"image": tuple(input_shape), "layers": layers}


def _sheet(layer: Mapping[str, Any], shape: Shape) -> Sheet:
    """One layer's sums, given what comes into it."""
    size = layer.get("kernel", layer.get("window", 1))
    return Sheet(
        ONE_LAYER,
        {
            "input_shape": shape,
            "F": layer.get("filters", shape[0]),
            "M": layer.get("units", 0),
            "window": (size, size),
            "stride": layer.get("stride", 1),
            "pad": layer.get("pad", 0),
        },
    )


def shapes(q: Sheet) -> list[Shape]:
    """What comes into each layer, and out of the last one."""
    found = [q.image]
    for layer in q.layers:
        found.append(q.after(layer, found[-1]))
    return found


def _after(layer: Mapping[str, Any], shape: Shape) -> Shape:
    if layer["type"] == "affine":
        return layer["units"], 1, 1
    after: Shape = _sheet(layer, shape).shape
    return after


def _each(kind: str, quantity: Callable[[Sheet], int]) -> Callable[[Sheet], list[int]]:
    """A quantity of every layer of one kind."""
    return lambda q: [
        quantity(_sheet(layer, shape))
        for layer, shape in zip(q.layers, q.entering, strict=True)
        if layer["type"] == kind
    ]


def _size(shape: Shape) -> int:
    return shape[0] * shape[1] * shape[2]


FORMULAS: Formulas = {
    "after": lambda _: _after,
    "shapes": shapes,
    "entering": lambda q: q.shapes[:-1],
    "shape": lambda q: q.shapes[-1],
    "conv_parameters": _each("conv", lambda s: s.parameters),
    "affine_parameters": _each("affine", lambda s: s.affine),
    "parameters": lambda q: sum(q.conv_parameters) + sum(q.affine_parameters),
    "kept": lambda q: q.shapes,
    "values": lambda q: sum(map(_size, q.kept)),
    "conv_work": _each("conv", lambda s: s.multiply_adds),
    "affine_work": _each("affine", lambda s: s.inputs * s.M),
    "multiply_adds": lambda q: sum(q.conv_work) + sum(q.affine_work),
}

NETWORK_TOTALS = Family(
    "network_totals",
    FORMULAS,
    {
        "network_totals": Signature(
            _given,
            lambda q: {
                name: getattr(q, name)
                for name in ("shape", "parameters", "values", "multiply_adds")
            },
        )
    },
)

bug = bugs_of(NETWORK_TOTALS)


def _pool_at_stride_of_its_window(layer: Mapping[str, Any], shape: Shape) -> Shape:
    if layer["type"] == "pool":
        return shape[0], shape[1] // layer["window"], shape[2] // layer["window"]
    return _after(layer, shape)


def _rounded_down(layer: Mapping[str, Any], shape: Shape) -> Shape:
    if layer["type"] == "affine":
        return _after(layer, shape)
    s = _sheet(layer, shape)
    return s.depth, s.span_h // s.stride + 1, s.span_w // s.stride + 1


NETWORK_TOTALS_BUGS = (
    # -------------------------------------------------------------------------------- parameters
    bug(
        "no_biases",
        "the biases are left out of the parameters; they are learned, too",
        "what else than weights does a layer learn?",
        conv_parameters=_each("conv", lambda s: s.weights),
        affine_parameters=_each("affine", lambda s: s.inputs * s.M),
    ),
    bug(
        "first_channels",
        "all convolutions are given the image's channels; each has those of the layer before",
        "how many channels come into the second convolution?",
        conv_parameters=lambda q: [
            _sheet(layer, (q.image[0], 1, 1)).parameters
            for layer in q.layers
            if layer["type"] == "conv"
        ],
    ),
    bug(
        "pooling_learns",
        "pooling is given weights; it has nothing to learn",
        "what does training change in a pooling layer?",
        parameters=lambda q: (
            FORMULAS["parameters"](q) + sum(_each("pool", lambda s: s.C * s.KH * s.KW)(q))
        ),
    ),
    bug(
        "only_channels_flattened",
        "the fully connected layer is given a weight for each channel; it needs one for each value",
        "how many values does the image have when it is flattened?",
        affine_parameters=_each("affine", lambda s: (s.C + 1) * s.M),
    ),
    bug(
        "affine_parameters_forgotten",
        "the parameters of fully connected layers are left out",
        "which layers learn?",
        affine_parameters=lambda _: [],
    ),
    # -------------------------------------------------------------------------------------- values
    bug(
        "image_not_kept",
        "the image itself is left out of the values; the backward pass needs it, too",
        "what does the first layer's gradient depend on?",
        kept=lambda q: q.shapes[1:],
    ),
    bug(
        "pooled_not_kept",
        "the outputs of pooling layers are left out of the values; every output is kept",
        "what does the layer after a pooling layer read?",
        kept=lambda q: [
            q.image,
            *(
                s
                for s, layer in zip(q.shapes[1:], q.layers, strict=True)
                if layer["type"] != "pool"
            ),
        ],
    ),
    bug(
        "output_not_kept",
        "the last layer's output is left out of the values; every output is kept",
        "how many outputs do three layers have?",
        kept=lambda q: q.shapes[:-1],
    ),
    bug(
        "only_the_largest",
        "the values of the largest layer are returned; those of all layers are kept",
        "what must still be there when the backward pass begins?",
        values=lambda q: max(map(_size, q.kept)),
    ),
    bug(
        "values_and_parameters",
        "the parameters are counted among the values; these are the activations alone",
        "which numbers are there anew for every image?",
        values=lambda q: FORMULAS["values"](q) + q.parameters,
    ),
    # ------------------------------------------------------------------------------ multiply-adds
    bug(
        "affine_work_forgotten",
        "the multiply-adds of fully connected layers are left out",
        "which layers multiply?",
        affine_work=lambda _: [],
    ),
    bug(
        "work_at_every_pixel",
        "convolutions are counted at every pixel that comes in; they work once a window",
        "how many values does each filter make?",
        conv_work=_each("conv", lambda s: s.weights * s.H * s.W),
    ),
    bug(
        "work_is_parameters",
        "every weight is counted once; a convolution uses it in every window",
        "how many values does each filter make?",
        conv_work=_each("conv", lambda s: s.weights),
    ),
    bug(
        "two_operations",
        "multiplications and additions are counted apart; a pair of them counts once here",
        "is a multiply-add one operation or two?",
        multiply_adds=lambda q: 2 * FORMULAS["multiply_adds"](q),
    ),
    # -------------------------------------------------------------------------------------- shapes
    bug(
        "side_by_side",
        "pooling divides the image by the window's size; windows lie stride pixels apart",
        "where does your code use the pooling layer's stride?",
        after=lambda _: _pool_at_stride_of_its_window,
    ),
    bug(
        "rounded_down",
        "layers that do not fit are rounded down; this course raises ValueError there",
        "what is left of 8 pixels by windows of 3 at stride 2?",
        after=lambda _: _rounded_down,
    ),
    bug(
        "not_flattened",
        "the shape behind a fully connected layer keeps the image's height and width; it is one "
        "pixel with a channel for each unit",
        "how many values does a fully connected layer make?",
        after=lambda _: (
            lambda layer, shape: (
                (layer["units"], *shape[1:]) if layer["type"] == "affine" else _after(layer, shape)
            )
        ),
    ),
)
