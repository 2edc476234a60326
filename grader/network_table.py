"""A network's layers with what each costs, as plain data: what `grade shapes` prints.

The solution computes it (reference/architectures/calculator.py); the harness only shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Volume(NamedTuple):
    """The size of what a layer passes on for one image, in the order in which lectures write it."""

    height: int
    width: int
    channels: int

    @property
    def values(self) -> int:
        """How many numbers it holds."""
        return self.height * self.width * self.channels

    def __str__(self) -> str:
        return "x".join(map(str, self))


@dataclass(frozen=True)
class LayerRow:
    """One layer and what it costs for one image."""

    label: str
    """As lectures write it: "CONV3-64", "POOL2", "FC"."""
    output: Volume
    values: int = 0
    """Numbers that are kept of its output; 0 for a layer that works in place."""
    weights: int = 0
    biases: int = 0
    scales: int = 0
    """Other learned numbers: batch norm's gamma and beta, the factors of LeNet's subsampling."""
    formula: str = ""
    """How the weights come about: "(3*3*64)*128"; empty when there are none, or several terms."""
    multiply_adds: int = 0
    note: str = ""
    inside: tuple[LayerRow, ...] = ()
    """The layers of a module or block, whose sums the other fields are."""

    @property
    def parameters(self) -> int:
        """All numbers that training changes."""
        return self.weights + self.biases + self.scales

    @property
    def in_place(self) -> bool:
        """Whether it keeps nothing and learns nothing, as dropout and softmax."""
        return not (self.values or self.parameters or self.inside)

    def leaves(self) -> Iterator[LayerRow]:
        """The row itself, or the layers inside it."""
        for row in self.inside:
            yield from row.leaves()
        if not self.inside:
            yield self


@dataclass(frozen=True)
class NetworkTable:
    """A network's layers, from the input on; all numbers are for one image."""

    name: str
    title: str
    source: str
    """Authors, year and where in the paper."""
    rows: tuple[LayerRow, ...]
    """The first is the input."""
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know to compare the numbers with those of the paper or the lecture."""

    @property
    def input(self) -> Volume:
        """The size of an image."""
        return self.rows[0].output

    @property
    def weights(self) -> int:
        """Over all layers."""
        return sum(row.weights for row in self.rows)

    @property
    def biases(self) -> int:
        """Over all layers."""
        return sum(row.biases for row in self.rows)

    @property
    def scales(self) -> int:
        """Over all layers."""
        return sum(row.scales for row in self.rows)

    @property
    def parameters(self) -> int:
        """All numbers that training changes."""
        return self.weights + self.biases + self.scales

    @property
    def values(self) -> int:
        """Numbers that a forward pass keeps, the image's own among them."""
        return sum(row.values for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Of convolutions and fully connected layers."""
        return sum(row.multiply_adds for row in self.rows)
