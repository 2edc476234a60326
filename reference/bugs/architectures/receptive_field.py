"""Mistakes in the receptive field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature


def _given(layers: Sequence[Sequence[int]]) -> dict[str, Any]:
    return {"layers": layers}


FORMULAS: Formulas = {
    "windows": lambda q: [window for window, _ in q.layers],
    "strides": lambda q: [stride for _, stride in q.layers],
    # How many pixels of the input neighbours before each layer are apart.
    "apart": lambda q: [math.prod(q.strides[:i]) for i in range(len(q.strides))],
    "reach": lambda q: [window - 1 for window in q.windows],
    "start": lambda _: 1,
    "field": lambda q: q.start + sum(r * a for r, a in zip(q.reach, q.apart, strict=True)),
}

RECEPTIVE_FIELD = Family(
    "receptive_field",
    FORMULAS,
    {"receptive_field": Signature(_given, lambda q: q.field)},
)

bug = bugs_of(RECEPTIVE_FIELD)

RECEPTIVE_FIELD_BUGS = (
    bug(
        "strides_ignored",
        "the strides are ignored; behind a stride of 2, neighbours are two pixels apart",
        "how far apart in the image are two neighbouring outputs of the first layer?",
        apart=lambda q: [1] * len(q.layers),
    ),
    bug(
        "own_stride_first",
        "a layer's own stride is counted for its own window; only the strides before it matter",
        "how many pixels does one window of the first layer cover?",
        apart=lambda q: [math.prod(q.strides[: i + 1]) for i in range(len(q.strides))],
    ),
    bug(
        "only_last_stride",
        "only the stride of the layer before is counted; all strides before it multiply",
        "how far apart in the image are neighbours behind two layers of stride 2?",
        apart=lambda q: [1, *q.strides[:-1]],
    ),
    bug(
        "strides_added",
        "the strides before a layer are added up; they multiply",
        "how far apart in the image are neighbours behind two layers of stride 3?",
        apart=lambda q: [sum(q.strides[:i]) or 1 for i in range(len(q.strides))],
    ),
    bug(
        "windows_added",
        "each layer adds its whole window; a window of k reaches k - 1 pixels further than one",
        "what does a layer of 1 x 1 windows add?",
        reach=lambda q: q.windows,
        start=lambda _: 0,
    ),
    bug(
        "windows_added_to_one",
        "each layer adds its whole window to the first pixel; it reaches one pixel less further",
        "what does a layer of 1 x 1 windows add?",
        reach=lambda q: q.windows,
    ),
    bug(
        "starts_at_zero",
        "the sum starts at 0; a single pixel sees itself",
        "what is the receptive field of no layer at all?",
        start=lambda _: 0,
    ),
    bug(
        "last_layer_first",
        "the layers are taken in the wrong order; the first one comes first",
        "whose stride sets how far apart the second layer's inputs are?",
        windows=lambda q: [window for window, _ in reversed(q.layers)],
        strides=lambda q: [stride for _, stride in reversed(q.layers)],
    ),
    bug(
        "windows_multiplied",
        "the windows are multiplied; each one adds to what the layers before it see",
        "how many pixels in a row do two layers of 3 x 3 windows see?",
        field=lambda q: math.prod(q.windows),
    ),
    bug(
        "squared",
        "the number of pixels in a square is returned; it should be those along one axis",
        "in which unit is a window given?",
        field=lambda q: FORMULAS["field"](q) ** 2,
    ),
)
