"""MobileNet v1, made of depthwise separable convolutions."""

from __future__ import annotations

from grader.network_table import Volume
from reference.architectures.fit import Rounding
from reference.architectures.layer import (
    SOFTMAX,
    Conv,
    Depthwise,
    FullyConnected,
    GlobalAveragePool,
    Layer,
)
from reference.architectures.network import Network

_PAIRS = (
    *((1, 64), (2, 128), (1, 128), (2, 256), (1, 256), (2, 512)),
    *((1, 512),) * 5,
    *((2, 1024), (1, 1024)),
)
"""Stride of the depthwise and filters of the pointwise convolution: the paper's table 1."""


def separable(stride: int, filters: int) -> tuple[Layer, Layer]:
    """A 3x3 filter for each channel, then 1x1 filters across all channels."""
    rounding: Rounding = "exact" if stride == 1 else "floor"
    return (
        Depthwise(3, stride, 1, rounding, batch_norm=True),
        Conv(1, filters=filters, bias=False, batch_norm=True),
    )


MOBILENET = Network(
    "mobilenet",
    "MobileNet v1 (width 1.0)",
    "Howard et al. 2017, table 1",
    Volume(224, 224, 3),
    (
        Conv(3, 2, 1, "floor", filters=32, bias=False, batch_norm=True),
        *(layer for stride, filters in _PAIRS for layer in separable(stride, filters)),
        GlobalAveragePool(),
        FullyConnected(units=1000),
        SOFTMAX,
    ),
    aliases=("mobilenet-v1",),
    notes=(
        "A batch norm follows each convolution, which has no bias; layers of stride 2 round down.",
        "The last depthwise convolution has stride 1: the table's 2 cannot be, for the size stays.",
    ),
)
