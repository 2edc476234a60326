"""GoogLeNet, made of inception modules."""

from __future__ import annotations

from grader.network_table import Volume
from reference.architectures.branches import Branches
from reference.architectures.layer import (
    DROPOUT,
    SOFTMAX,
    Conv,
    FullyConnected,
    GlobalAveragePool,
    LocalResponseNorm,
    Pool,
)
from reference.architectures.network import Network


def inception(label: str, *widths: int) -> Branches:
    """1x1; 1x1 then 3x3; 1x1 then 5x5; pooling then 1x1: side by side, joined along the channels.

    Args:
        label: the module's name
        widths: filters of 1x1; of the 1x1 before the 3x3, the 3x3; of the 1x1 before the 5x5, the
            5x5; of the 1x1 after pooling: the columns of the paper's table 1
    """
    one, reduce_three, three, reduce_five, five, after_pool = widths
    return Branches(
        label=f"INCEPTION {label}",
        branches=(
            (Conv(1, filters=one),),
            (Conv(1, filters=reduce_three), Conv(3, 1, 1, filters=three)),
            (Conv(1, filters=reduce_five), Conv(5, 1, 2, filters=five)),
            (Pool(3, 1, 1), Conv(1, filters=after_pool)),
        ),
    )


_HALVE = Pool(3, 2, 0, "ceil")

GOOGLENET = Network(
    "googlenet",
    "GoogLeNet (Inception v1)",
    "Szegedy et al. 2014, table 1",
    Volume(224, 224, 3),
    (
        Conv(7, 2, 3, "floor", filters=64),
        _HALVE,
        LocalResponseNorm(),
        Conv(1, filters=64),
        Conv(3, 1, 1, filters=192),
        LocalResponseNorm(),
        _HALVE,
        inception("3a", 64, 96, 128, 16, 32, 32),
        inception("3b", 128, 128, 192, 32, 96, 64),
        _HALVE,
        inception("4a", 192, 96, 208, 16, 48, 64),
        inception("4b", 160, 112, 224, 24, 64, 64),
        inception("4c", 128, 128, 256, 24, 64, 64),
        inception("4d", 112, 144, 288, 32, 64, 64),
        inception("4e", 256, 160, 320, 32, 128, 128),
        _HALVE,
        inception("5a", 256, 160, 320, 32, 128, 128),
        inception("5b", 384, 192, 384, 48, 128, 128),
        GlobalAveragePool(),
        DROPOUT,
        FullyConnected(units=1000),
        SOFTMAX,
    ),
    aliases=("inception-v1",),
    notes=(
        "Without the two auxiliary classifiers, which serve in training only.",
        "The first convolution rounds down; poolings of stride 2 round up.",
    ),
)
