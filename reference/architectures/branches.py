"""Layers side by side: what inception modules and residual blocks are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grader.network_table import LayerRow, Volume
from reference.architectures.layer import Layer


@dataclass(frozen=True)
class Branches(Layer):
    """Every branch sees the same volume; what comes out is joined.

    Args:
        branches: the layers of each branch; an empty one passes its input on (a shortcut)
        join: "channels" puts the outputs behind each other, "add" adds them up

    Joining is done in place: the outputs of the branches are all that is kept.
    """

    branches: tuple[tuple[Layer, ...], ...] = ()
    join: Literal["channels", "add"] = "channels"

    @property
    def name(self) -> str:
        """What the data calls it."""
        return self.label

    def row(self, given: Volume) -> LayerRow:
        """The sums over all branches."""
        inside: list[LayerRow] = []
        ends: list[Volume] = []
        for branch in self.branches:
            try:
                rows = rows_of(branch, given)
            except ValueError as error:
                raise ValueError(f"{self.name}, {error}") from None
            inside += rows
            ends.append(rows[-1].output if rows else given)
        return LayerRow(
            self.name,
            self._joined(ends),
            sum(row.values for row in inside),
            sum(row.weights for row in inside),
            sum(row.biases for row in inside),
            sum(row.scales for row in inside),
            multiply_adds=sum(row.multiply_adds for row in inside),
            note=self.note,
            inside=tuple(inside),
        )

    def _joined(self, ends: list[Volume]) -> Volume:
        first = ends[0]
        sizes = {(*end[:2], 0 if self.join == "channels" else end.channels) for end in ends}
        if len(sizes) > 1:
            told = ", ".join(map(str, ends))
            raise ValueError(f"{self.name}: its branches end in {told}, which cannot be joined")
        if self.join == "add":
            return first
        return Volume(first.height, first.width, sum(end.channels for end in ends))


def rows_of(layers: tuple[Layer, ...], given: Volume) -> list[LayerRow]:
    """The rows of layers after each other.

    Raises:
        ValueError: a layer does not fit what comes before it.
    """
    rows: list[LayerRow] = []
    for layer in layers:
        rows.append(layer.row(given))
        given = rows[-1].output
    return rows
