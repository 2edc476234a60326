"""What `grade shapes` prints: a network's layers as the lecture writes them, or all networks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.network_table import LayerRow, NetworkTable
from grader.render.page import Page, Style

_GAP = "  "
_UNITS = ((10**9, "G"), (10**6, "M"), (10**3, "K"))


@dataclass(frozen=True)
class Storage:
    """What activations are kept for."""

    images: int = 1
    bytes_per_value: int = 4

    def bytes_of(self, values: int) -> int:
        """How much ``values`` numbers of one image take for all images."""
        return values * self.images * self.bytes_per_value


def render_network(
    table: NetworkTable,
    storage: Storage,
    *,
    inside: bool = False,
    width: int = 80,
    colour: bool = False,
) -> str:
    """The network's layers and totals.

    Args:
        table: what to show.
        storage: how many images, and how large a number is.
        inside: whether to show the layers inside modules and blocks, and those that work in place.
        width: of the terminal, in columns.
        colour: whether to write ANSI colours.
    """
    page = Page(width, colour)
    also = f" (also {', '.join(table.aliases)})" if table.aliases else ""
    page.text(table.title, style="strong")
    page.text(f"{table.name}{also}; {table.source}", style="faint")
    page.blank()
    shown = [item for item in _indented(table.rows, inside) if inside or not item[1].in_place]
    for line, style in _laid_out(shown, width):
        page.raw(page.paint(line, style))
    page.blank()
    for line in _totals(table, storage):
        page.text(line, hang=2)
    notes = [*table.notes, *_row_notes(table)]
    if notes:
        page.blank()
    for note in notes:
        page.field("note:", note, 0, "faint")
    return str(page)


def render_networks(
    tables: Sequence[NetworkTable], storage: Storage, *, width: int = 80, colour: bool = False
) -> str:
    """All networks with their totals, a line each."""
    page = Page(width, colour)
    cells = [["network", "input", "parameters", "multiply-adds", "memory"]]
    cells += [
        [
            table.name,
            str(table.input),
            f"{table.parameters:,}",
            rough(table.multiply_adds, 3),
            f"{rough(storage.bytes_of(table.values), 3)}B",
        ]
        for table in tables
    ]
    widths = _widths(cells)
    for i, (name, *figures) in enumerate(cells):
        right = [cell.rjust(size) for cell, size in zip(figures, widths[1:], strict=True)]
        line = _GAP.join([name.ljust(widths[0]), *right])
        page.raw(page.paint(line, "plain" if i else "faint"))
    page.blank()
    page.text(f"Memory: activations of a forward pass, {_kept(storage)}.")
    page.text("`grade shapes vgg16` shows a network's layers.")
    return str(page)


def network_json(table: NetworkTable, storage: Storage) -> str:
    """The same for programs, on one line."""
    told = {**_summary(table, storage), "layers": [_told(row) for row in table.rows]}
    return json.dumps(told, ensure_ascii=False) + "\n"


def networks_json(tables: Sequence[NetworkTable], storage: Storage) -> str:
    """All networks with their totals, on one line."""
    return json.dumps([_summary(table, storage) for table in tables], ensure_ascii=False) + "\n"


def rough(number: int, digits: int = 2) -> str:
    """``4096``, ``150K``, ``3.2M``: from 10,000 on, that many digits and a unit."""
    if number < 10_000:
        return str(number)
    rounded = round(number, digits - len(str(number)))
    size, unit = next(pair for pair in _UNITS if rounded >= pair[0])
    return (
        f"{rounded / size:.{digits}g}{unit}" if rounded < 100 * size else f"{rounded // size}{unit}"
    )


# --------------------------------------------------------------------------------- the rows
def _indented(
    rows: Sequence[LayerRow], inside: bool, level: int = 0
) -> Iterator[tuple[int, LayerRow]]:
    for row in rows:
        yield level, row
        if inside:
            yield from _indented(row.inside, inside, level + 1)


def _laid_out(rows: Sequence[tuple[int, LayerRow]], width: int) -> Iterator[tuple[str, Style]]:
    """The rows in the fullest layout that the terminal has room for."""
    for words, formulas, work in (
        (True, True, True),
        (True, True, False),
        (False, True, True),
        (False, True, False),
        (False, False, True),
        (False, False, False),
    ):
        cells = [_cells(row, level, words, formulas, work) for level, row in rows]
        if not words:
            cells.insert(0, ["layer", "output", "memory", "weights", "multiply-adds"][: 4 + work])
        widths = _widths(cells)
        if sum(widths) + len(_GAP) * (len(widths) - 1) <= width:
            break
    for i, line in enumerate(cells):
        text = _GAP.join(cell.ljust(size) for cell, size in zip(line, widths, strict=True))
        yield text.rstrip(), "faint" if i == 0 and not words else "plain"


def _cells(row: LayerRow, level: int, words: bool, formulas: bool, work: bool) -> list[str]:
    memory, weights = _memory(row, formulas), _weights(row, formulas)
    cells = [
        f"{'  ' * level}{row.label}{':' if words else ''}",
        f"[{row.output}]",
        f"memory: {memory}" if words else memory,
        f"weights: {weights}" if words else weights,
    ]
    if work:
        adds = rough(row.multiply_adds, 3)
        cells.append(f"multiply-adds: {adds}" if words else adds)
    return cells


def _memory(row: LayerRow, formulas: bool) -> str:
    is_flat = row.output.height * row.output.width == 1
    if not formulas or is_flat or row.inside or not row.values:
        return rough(row.values)
    return f"{'*'.join(map(str, row.output))}={rough(row.values)}"


def _weights(row: LayerRow, formulas: bool) -> str:
    return f"{row.formula} = {row.weights:,}" if formulas and row.formula else f"{row.weights:,}"


def _widths(cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*cells, strict=True)]


# ------------------------------------------------------------------------------- the totals
def _totals(table: NetworkTable, storage: Storage) -> Iterator[str]:
    times = f" * {storage.images} images" if storage.images > 1 else ""
    per = "" if storage.images > 1 else " / image"
    yield (
        f"TOTAL memory: {rough(table.values, 3)} * {storage.bytes_per_value} bytes{times} ~= "
        f"{rough(storage.bytes_of(table.values), 3)}B{per} (forward only; backward takes as much "
        "again)"
    )
    parts = [("weights", table.weights), ("biases", table.biases), ("scales", table.scales)]
    told = ", ".join(f"{number:,} {name}" for name, number in parts if number)
    yield f"TOTAL params: {rough(table.parameters, 3)} parameters ({table.parameters:,}: {told})"
    yield f"TOTAL multiply-adds: {rough(table.multiply_adds, 3)} / image"


def _row_notes(table: NetworkTable) -> list[str]:
    leaves = (leaf for row in table.rows for leaf in row.leaves())
    return [f"{leaf.label}: {leaf.note}" for leaf in leaves if leaf.note]


def _kept(storage: Storage) -> str:
    images = "one image" if storage.images == 1 else f"{storage.images} images"
    return f"{images}, {storage.bytes_per_value} bytes a number"


# ------------------------------------------------------------------------------ for programs
def _summary(table: NetworkTable, storage: Storage) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "source": table.source,
        "aliases": list(table.aliases),
        "input": list(table.input),
        "parameters": table.parameters,
        "weights": table.weights,
        "biases": table.biases,
        "scales": table.scales,
        "values": table.values,
        "multiply_adds": table.multiply_adds,
        "images": storage.images,
        "bytes_per_value": storage.bytes_per_value,
        "memory_bytes": storage.bytes_of(table.values),
        "notes": list(table.notes),
    }


def _told(row: LayerRow) -> dict[str, Any]:
    return {
        "label": row.label,
        "output": list(row.output),
        "values": row.values,
        "parameters": row.parameters,
        "weights": row.weights,
        "biases": row.biases,
        "scales": row.scales,
        "formula": row.formula,
        "multiply_adds": row.multiply_adds,
        "note": row.note,
        "inside": [_told(inner) for inner in row.inside],
    }
