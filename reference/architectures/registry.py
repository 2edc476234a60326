"""All networks, in the order in which they were published."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reference.architectures.alexnet import ALEXNET
from reference.architectures.googlenet import GOOGLENET
from reference.architectures.lenet5 import LENET_5, LENET_5_DENSE
from reference.architectures.mobilenet import MOBILENET
from reference.architectures.network import Network
from reference.architectures.resnet import RESNETS
from reference.architectures.vgg import VGGS
from reference.architectures.zfnet import ZFNET, ZFNET_WIDE

NETWORKS: Mapping[str, Network] = MappingProxyType(
    {
        network.name: network
        for network in (
            LENET_5,
            LENET_5_DENSE,
            ALEXNET,
            ZFNET,
            ZFNET_WIDE,
            *VGGS,
            GOOGLENET,
            *RESNETS,
            MOBILENET,
        )
    }
)
"""Name -> network."""
