"""grader/render/shapes.py: numbers as lectures write them, and tables that fit the terminal."""

from __future__ import annotations

import pytest

from grader.oracle import find_oracle
from grader.render.shapes import Storage, render_network, render_networks, rough


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (0, 2, "0"),
        (4096, 2, "4096"),
        (9_999, 2, "9999"),
        (25_088, 2, "25K"),
        (150_528, 2, "150K"),
        (802_816, 2, "800K"),
        (999_999, 2, "1M"),
        (1_605_632, 2, "1.6M"),
        (138_357_544, 3, "138M"),
        (15_237_608, 3, "15.2M"),
        (15_470_264_320, 3, "15.5G"),
    ],
)
def test_numbers_are_rounded_as_in_the_lecture(number: int, digits: int, text: str) -> None:
    """Two digits and a unit from ten thousand on; what is smaller stands there in full."""
    assert rough(number, digits) == text


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("inside", [False, True])
def test_every_table_fits_the_terminal(width: int, *, inside: bool) -> None:
    """No line is wider, for all networks; with more room there is more to see."""
    oracle = find_oracle()
    assert oracle is not None
    tables = oracle.networks()
    for table in tables:
        text = render_network(table, Storage(), inside=inside, width=width)
        assert max(map(len, text.splitlines())) <= width, table.name
    assert max(map(len, render_networks(tables, Storage(), width=width).splitlines())) <= width
