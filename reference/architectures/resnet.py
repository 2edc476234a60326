"""ResNets of 18 to 152 layers, made of residual blocks."""

from __future__ import annotations

from grader.network_table import Volume
from reference.architectures.branches import Branches
from reference.architectures.fit import Rounding
from reference.architectures.layer import (
    SOFTMAX,
    Conv,
    FullyConnected,
    GlobalAveragePool,
    Layer,
    Pool,
)
from reference.architectures.network import Network

_BLOCKS = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
"""Depth -> how many blocks have 64, 128, 256 and 512 filters: the paper's table 1."""
_FIRST_OF_BOTTLENECKS = 50
_WIDER = 4


def basic_block(label: str, given: int, width: int, stride: int) -> Branches:
    """Two 3x3 convolutions and a shortcut.

    Args:
        label: the block's name
        given: channels that come in
        width: filters of both convolutions
        stride: of the first convolution
    """
    main = (_conv(3, stride, width), _conv(3, 1, width))
    return Branches(label=label, branches=(main, _shortcut(given, width, stride)), join="add")


def bottleneck_block(label: str, given: int, width: int, stride: int) -> Branches:
    """1x1 down to ``width`` channels, 3x3, 1x1 up to four times as many, and a shortcut."""
    main = (_conv(1, stride, width), _conv(3, 1, width), _conv(1, 1, _WIDER * width))
    return Branches(
        label=label, branches=(main, _shortcut(given, _WIDER * width, stride)), join="add"
    )


def _conv(size: int, stride: int, filters: int) -> Conv:
    rounding: Rounding = "exact" if stride == 1 else "floor"
    return Conv(size, stride, size // 2, rounding, filters=filters, bias=False, batch_norm=True)


def _shortcut(given: int, out: int, stride: int) -> tuple[Layer, ...]:
    return () if given == out and stride == 1 else (_conv(1, stride, out),)


def _blocks(depth: int) -> tuple[Layer, ...]:
    is_bottleneck = depth >= _FIRST_OF_BOTTLENECKS
    block = bottleneck_block if is_bottleneck else basic_block
    layers: list[Layer] = []
    given = 64
    for stage, count in enumerate(_BLOCKS[depth]):
        width = 64 << stage
        for i in range(count):
            stride = 2 if stage > 0 and i == 0 else 1
            layers.append(block(f"BLOCK {stage + 2}_{i + 1}", given, width, stride))
            given = _WIDER * width if is_bottleneck else width
    return tuple(layers)


def _resnet(depth: int) -> Network:
    return Network(
        f"resnet-{depth}",
        f"ResNet-{depth}",
        "He, Zhang, Ren, Sun 2015, table 1",
        Volume(224, 224, 3),
        (
            _conv(7, 2, 64),
            Pool(3, 2, 1, "floor"),
            *_blocks(depth),
            GlobalAveragePool(),
            FullyConnected(units=1000),
            SOFTMAX,
        ),
        aliases=(f"resnet{depth}",),
        notes=(
            "A batch norm follows each convolution, which has no bias.",
            "Where the shape changes, the shortcut is a 1x1 convolution (the paper's option B).",
            "Layers of stride 2 round down; in a block, the first convolution has the stride.",
        ),
    )


RESNETS = tuple(_resnet(depth) for depth in _BLOCKS)
