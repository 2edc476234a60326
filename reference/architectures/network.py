"""A network as data, and the table of what its layers cost."""

from __future__ import annotations

from dataclasses import dataclass

from grader.network_table import LayerRow, NetworkTable, Volume
from reference.architectures.branches import rows_of
from reference.architectures.layer import Layer


@dataclass(frozen=True)
class Network:
    """One network: what goes in, and its layers."""

    name: str
    title: str
    source: str
    input: Volume
    layers: tuple[Layer, ...]
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def table(self, given: Volume | None = None) -> NetworkTable:
        """Every layer's output shape, parameters, values and multiply-adds.

        Args:
            given: the size of an image; None for the paper's

        Raises:
            ValueError: a layer does not fit what comes before it, or the size is none.
        """
        given = given or self.input
        if min(given) < 1:
            raise ValueError(f"no image has the size {given}")
        first = LayerRow("INPUT", given, given.values)
        rows = (first, *rows_of(self.layers, given))
        return NetworkTable(self.name, self.title, self.source, rows, self.aliases, self.notes)
