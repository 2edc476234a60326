"""VGG's six configurations, as the columns of the paper's table 1."""

from __future__ import annotations

from grader.network_table import Volume
from reference.architectures.layer import (
    DROPOUT,
    SOFTMAX,
    Conv,
    FullyConnected,
    Layer,
    LocalResponseNorm,
    Pool,
)
from reference.architectures.network import Network

_LRN = "LRN"
_COLUMNS: dict[str, tuple[int, str]] = {
    "a": (11, "64 | 128 | 256 256 | 512 512 | 512 512"),
    "a-lrn": (11, "64 LRN | 128 | 256 256 | 512 512 | 512 512"),
    "b": (13, "64 64 | 128 128 | 256 256 | 512 512 | 512 512"),
    "c": (16, "64 64 | 128 128 | 256 256 256/1 | 512 512 512/1 | 512 512 512/1"),
    "d": (16, "64 64 | 128 128 | 256 256 256 | 512 512 512 | 512 512 512"),
    "e": (19, "64 64 | 128 128 | 256 256 256 256 | 512 512 512 512 | 512 512 512 512"),
}
"""Layers with weights, and the filters of each convolution. They are 3x3, or 1x1 where "/1" stands;
"|" is a max pool of 2x2, as at the end."""

_ALIASES = {"a": ("vgg11",), "b": ("vgg13",), "d": ("vgg16",), "e": ("vgg19",)}
_NOTES = {
    "d": ("The lecture's last line says 24M * 4 bytes ~= 93MB; its rows, as these, make 15.2M.",),
}


def _convolutions(column: str) -> tuple[Layer, ...]:
    layers: list[Layer] = []
    for stage in column.split("|"):
        for word in stage.split():
            filters, _, size = word.partition("/")
            if word == _LRN:
                layers.append(LocalResponseNorm())
            elif size:
                layers.append(Conv(int(size), filters=int(filters)))
            else:
                layers.append(Conv(3, 1, 1, filters=int(filters)))
        layers.append(Pool(2, 2))
    return tuple(layers)


def _vgg(configuration: str) -> Network:
    depth, column = _COLUMNS[configuration]
    return Network(
        f"vgg-{configuration}",
        f"VGG, configuration {configuration.upper()}: {depth} layers with weights",
        "Simonyan, Zisserman 2014, tables 1 and 2",
        Volume(224, 224, 3),
        (
            *_convolutions(column),
            FullyConnected(units=4096),
            DROPOUT,
            FullyConnected(units=4096),
            DROPOUT,
            FullyConnected(units=1000),
            SOFTMAX,
        ),
        _ALIASES.get(configuration, ()),
        _NOTES.get(configuration, ()),
    )


VGGS = tuple(_vgg(configuration) for configuration in _COLUMNS)
