"""LeNet-5, which reads digits: as in the paper, and as it is built today."""

from __future__ import annotations

from grader.network_table import Volume
from reference.architectures.layer import Conv, FullyConnected, Pool
from reference.architectures.network import Network

LENET_5 = Network(
    "lenet5",
    "LeNet-5, as in the paper",
    "LeCun, Bottou, Bengio, Haffner 1998, section II.B",
    Volume(32, 32, 1),
    (
        Conv(5, filters=6, label="C1"),
        Pool(2, 2, mean=True, learned=True, label="S2"),
        Conv(5, filters=16, connections=60, label="C3", note="60 of the 6*16 pairs are joined"),
        Pool(2, 2, mean=True, learned=True, label="S4"),
        Conv(5, filters=120, label="C5"),
        FullyConnected(units=84, label="F6"),
        FullyConnected(units=10, learned=False, label="RBF", note="its 84*10 weights are fixed"),
    ),
    notes=(
        "The paper's accounting: 60,000 parameters are learned.",
        "Subsampling learns a factor and a bias for each channel.",
    ),
)

LENET_5_DENSE = Network(
    "lenet5-dense",
    "LeNet-5, as it is built today",
    "after LeCun et al. 1998; course lecture: conv, pool, conv, pool, three fully connected",
    Volume(32, 32, 1),
    (
        Conv(5, filters=6),
        Pool(2, 2),
        Conv(5, filters=16),
        Pool(2, 2),
        FullyConnected(units=120),
        FullyConnected(units=84),
        FullyConnected(units=10),
    ),
    aliases=("lenet",),
    notes=("C3 sees all channels, pooling learns nothing, and the last layer is learned.",),
)
