"""ZFNet, AlexNet with smaller first windows: the paper's, and the lecture's with more filters."""

from __future__ import annotations

from grader.network_table import Volume
from reference.architectures.layer import (
    DROPOUT,
    SOFTMAX,
    Conv,
    FullyConnected,
    LocalResponseNorm,
    Pool,
)
from reference.architectures.network import Network


def _zfnet(
    name: str, title: str, widths: tuple[int, int, int], notes: tuple[str, ...] = ()
) -> Network:
    return Network(
        name,
        title,
        "Zeiler, Fergus 2013, figure 3",
        Volume(224, 224, 3),
        (
            Conv(7, 2, 1, "floor", filters=96),
            Pool(3, 2, 0, "ceil"),
            LocalResponseNorm(),
            Conv(5, 2, filters=256),
            Pool(3, 2, 0, "ceil"),
            LocalResponseNorm(),
            *(Conv(3, 1, 1, filters=width) for width in widths),
            Pool(3, 2),
            FullyConnected(units=4096),
            DROPOUT,
            FullyConnected(units=4096),
            DROPOUT,
            FullyConnected(units=1000),
            SOFTMAX,
        ),
        notes=(
            "To reach the figure's sizes, conv 1 pads by 1 and rounds down; pools 1, 2 round up.",
            *notes,
        ),
    )


ZFNET = _zfnet("zfnet", "ZFNet", (384, 384, 256))
ZFNET_WIDE = _zfnet(
    "zfnet-wide",
    "ZFNet with the lecture's widths",
    (512, 1024, 512),
    ("The lecture gives the last three convolutions 512, 1024 and 512 filters.",),
)
