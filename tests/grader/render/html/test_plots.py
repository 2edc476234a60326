"""grader/render/html/plots.py."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from grader.render.html.plots import Histogram, draw

COUNTS = {0.0: 1, 4.0: 2, 5.0: 3, 10.0: 4, 99.0: 5, -3.0: 6}


@pytest.fixture(scope="module")
def plot() -> Histogram:
    return Histogram("marks", 'Marks & "more"', "points", COUNTS, [0, 5, 10], median=5.0)


@pytest.fixture(scope="module")
def drawing(plot: Histogram) -> ET.Element:
    return ET.fromstring(draw(plot))


def test_every_value_is_in_one_bin(plot: Histogram) -> None:
    """An edge belongs to the bin above it, the last one to the last bin; none is lost."""
    assert plot.bins() == [1 + 2 + 6, 3 + 4 + 5]
    assert plot.table() == [("0 to 5", 9), ("5 to 10", 12)]


def test_text_stays_text_and_is_described(drawing: ET.Element) -> None:
    """The drawing can be read aloud, and its axes say what they are."""
    words = {element.text for element in drawing.iter("text")}
    assert {"points", "students", "median"} <= words
    assert drawing.attrib["role"] == "img"
    assert drawing.attrib["aria-label"] == 'Marks & "more"'


def test_colours_are_the_pages(drawing: ET.Element) -> None:
    """Dark mode is the page's affair: no colour is fixed but by the page's variables."""
    text = ET.tostring(drawing, encoding="unicode")
    assert not re.findall(r"#[0-9a-f]{6}\b", text)
    assert "var(--bar)" in text
    assert "currentColor" in text


def test_two_drawings_fit_on_one_page(drawing: ET.Element) -> None:
    """Ids begin with the plot's name, and each reference finds its own."""
    ids = {element.attrib["id"] for element in drawing.iter() if "id" in element.attrib}
    text = ET.tostring(drawing, encoding="unicode")
    used = set(re.findall(r"(?:href=\"|url\()#([\w-]+)", text))
    assert used
    assert used == ids
    assert all(each.startswith("marks-") for each in ids)


def test_nobodys_settings_change_a_drawing(plot: Histogram, drawing: ET.Element) -> None:
    """The same class is the same file on every machine, and a caller's settings stay."""
    with mpl.rc_context({"font.size": 33, "axes.grid": True}):
        text = draw(plot)
        assert mpl.rcParams["font.size"] == 33
    assert text == draw(plot)
    assert ET.tostring(ET.fromstring(text)) == ET.tostring(drawing)
