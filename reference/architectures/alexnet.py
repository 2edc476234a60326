"""AlexNet, which won ImageNet's challenge of 2012."""

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

ALEXNET = Network(
    "alexnet",
    "AlexNet",
    "Krizhevsky, Sutskever, Hinton 2012, section 3.5",
    Volume(227, 227, 3),
    (
        Conv(11, 4, filters=96),
        Pool(3, 2),
        LocalResponseNorm(),
        Conv(5, 1, 2, filters=256, groups=2),
        Pool(3, 2),
        LocalResponseNorm(),
        Conv(3, 1, 1, filters=384),
        Conv(3, 1, 1, filters=384, groups=2),
        Conv(3, 1, 1, filters=256, groups=2),
        Pool(3, 2),
        FullyConnected(units=4096),
        DROPOUT,
        FullyConnected(units=4096),
        DROPOUT,
        FullyConnected(units=1000),
        SOFTMAX,
    ),
    notes=(
        "Images of 227x227: the paper says 224x224, which its first layer does not fit.",
        "Convolutions 2, 4 and 5 are cut in two groups, one on each of the paper's two GPUs.",
        "Without groups there would be 62.4M parameters.",
        "Pooling before normalisation, as in the lecture; the paper has it the other way round.",
    ),
)
