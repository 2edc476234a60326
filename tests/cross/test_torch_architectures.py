"""The networks' tables say what PyTorch says of the same layers: shapes, parameters, operations.

The networks are built from their data on the device ``meta``: nothing is computed.
"""

from __future__ import annotations

from typing import Any

import pytest

from grader.network_table import Volume
from reference.architectures.branches import Branches
from reference.architectures.layer import (
    Conv,
    Depthwise,
    FullyConnected,
    GlobalAveragePool,
    InPlace,
    Layer,
    LocalResponseNorm,
    Pool,
)
from reference.architectures.registry import NETWORKS

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")
flop_counter = pytest.importorskip("torch.utils.flop_counter")
nn = torch.nn

pytestmark = pytest.mark.cross

LEARNED_POOLING = {"lenet5"}
"""PyTorch has neither its pooling nor its sparse convolution."""


def _module(layer: Layer, given: Volume) -> Any:
    """The layer as PyTorch has it."""
    C = given.channels
    match layer:
        case Depthwise():
            conv = nn.Conv2d(
                C, C, layer.size, layer.stride, layer.pad, groups=C, bias=not layer.batch_norm
            )
            return nn.Sequential(conv, *([nn.BatchNorm2d(C)] if layer.batch_norm else []))
        case Conv():
            conv = nn.Conv2d(
                C,
                layer.filters,
                layer.size,
                layer.stride,
                layer.pad,
                groups=layer.groups,
                bias=layer.bias,
            )
            norm = [nn.BatchNorm2d(layer.filters)] if layer.batch_norm else []
            return nn.Sequential(conv, *norm, nn.ReLU())
        case Pool():
            # PyTorch pads by half a window at most, and rounds as it is told.
            return nn.MaxPool2d(
                layer.size, layer.stride, layer.pad, ceil_mode=layer.rounding == "ceil"
            )
        case GlobalAveragePool():
            return nn.AdaptiveAvgPool2d(1)
        case LocalResponseNorm():
            return nn.LocalResponseNorm(5)
        case InPlace():
            return nn.Identity()
        case FullyConnected():
            linear = nn.Linear(given.values, layer.units)
            return nn.Sequential(nn.Flatten(), linear, nn.Unflatten(1, (layer.units, 1, 1)))
        case Branches():
            return _Side(layer, given)
    raise AssertionError(f"no module for {layer}")


def _chain(layers: tuple[Layer, ...], given: Volume) -> Any:
    modules = []
    for layer in layers:
        modules.append(_module(layer, given))
        given = layer.row(given).output
    return nn.Sequential(*modules)


class _Side(nn.Module):
    """Branches side by side."""

    def __init__(self, layer: Branches, given: Volume) -> None:
        super().__init__()
        self.branches = nn.ModuleList(_chain(branch, given) for branch in layer.branches)
        self.join = layer.join

    def forward(self, x: Any) -> Any:
        outs = [branch(x) for branch in self.branches]
        return torch.cat(outs, 1) if self.join == "channels" else torch.stack(outs).sum(0)


@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in LEARNED_POOLING])
def test_every_layer_is_pytorch_s(name: str) -> None:
    """Output shape and parameters of each layer; twice the multiply-adds of the whole network."""
    network = NETWORKS[name]
    _, *rows = network.table().rows
    given = network.input
    with torch.device("meta"):
        x = torch.empty(1, given.channels, given.height, given.width)
        with flop_counter.FlopCounterMode(display=False) as counted:
            for layer, row in zip(network.layers, rows, strict=True):
                module = _module(layer, given)
                x = module(x)
                given = row.output
                assert x.shape == (1, given.channels, given.height, given.width), row.label
                learned = sum(parameter.numel() for parameter in module.parameters())
                assert learned == row.parameters, row.label
    assert counted.get_total_flops() == 2 * network.table().multiply_adds
