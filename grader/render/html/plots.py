"""Histograms as inline SVG, drawn by matplotlib.

Text stays text, so that it can be read aloud, found and scaled. Colours are the page's own CSS
variables, so that a plot follows the reader's dark mode: matplotlib draws with four stand-ins,
each replaced afterwards. Equal input gives equal bytes: no dates, and ids from a fixed salt.

A plot is drawn 274 units wide and shown wider, on a phone too: its text stays readable.
Only this module imports matplotlib, which takes about a second, and drawing takes a tenth.
"""

from __future__ import annotations

import bisect
import io
import itertools
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES: Final = (3.8, 2.15)
_STAND_INS: Final = {
    "#010203": "currentColor",
    "#010204": "var(--bar)",
    "#010205": "var(--line)",
    "#010206": "var(--accent)",
}
_INK, _BAR, _GRID, _ACCENT = _STAND_INS
_SETTINGS: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "goldgrad",
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same layout everywhere
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _GRID,
    "axes.labelcolor": _INK,
    "axes.labelsize": 9,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
}


@dataclass(frozen=True)
class Histogram:
    """What is drawn.

    Counts lie between ``edges``, the last bin with both its ends; values outside count in the
    first or last bin.
    """

    name: str
    """Unique on its page: the prefix of the ids in it."""
    described: str
    """For who does not see it."""
    across: str
    """What the numbers are: "points"."""
    counts: Mapping[float, int]
    edges: Sequence[float]
    median: float | None = None
    logarithmic: bool = False
    ticks: Mapping[float, str] = field(default_factory=dict)
    """Where the axis is labelled; empty leaves that to matplotlib."""
    text: Callable[[float], str] = str
    """How a number is written in the table."""

    def bins(self) -> list[int]:
        """How many values lie in each bin."""
        heights = [0] * (len(self.edges) - 1)
        for value, number in self.counts.items():
            heights[_bin_of(value, self.edges)] += number
        return heights

    def table(self) -> list[tuple[str, int]]:
        """The same as text: ("60 to 65", 12), ..."""
        ends = [self.text(edge) for edge in self.edges]
        spans = [f"{low} to {high}" for low, high in itertools.pairwise(ends)]
        return list(zip(spans, self.bins(), strict=True))


def draw(plot: Histogram) -> Markup:
    """The plot as an ``<svg>`` to put into a page."""
    # Takes a second, which only somebody who asks for a page should wait for.
    # It speaks of fonts and caches, also where there is no home folder to keep them in.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()  # not what somebody's matplotlibrc says
        mpl.rcParams.update(_SETTINGS)
        figure = Figure(figsize=_INCHES, layout="constrained")
        axes = figure.add_subplot()
        _bars(axes, plot)
        if plot.median is not None:
            _mark_median(axes, plot, plot.median)
        out = io.StringIO()
        figure.savefig(
            out,
            format="svg",
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    return _inline(out.getvalue(), plot)


def _bin_of(value: float, edges: Sequence[float]) -> int:
    inside = bisect.bisect_right(edges, value) - 1
    return min(max(inside, 0), len(edges) - 2)


def _bars(axes: Axes, plot: Histogram) -> None:
    from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

    heights = plot.bins()
    widths = [high - low for low, high in itertools.pairwise(plot.edges)]
    axes.bar(
        list(plot.edges[:-1]), heights, widths, align="edge", color=_BAR, edgecolor=_GRID, lw=0.8
    )
    if plot.logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(plot.edges[0], plot.edges[-1])
    axes.set_ylim(0, max([*heights, 1]) * 1.18)
    if plot.ticks:
        axes.xaxis.set_major_locator(FixedLocator(list(plot.ticks)))
        axes.set_xticks(list(plot.ticks), list(plot.ticks.values()))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.grid(axis="y", color=_GRID, lw=0.8)
    axes.tick_params(length=0)
    axes.set_xlabel(plot.across)
    axes.set_ylabel("students")


def _mark_median(axes: Axes, plot: Histogram, median: float) -> None:
    low, high = plot.edges[0], plot.edges[-1]
    place = min(max(median, low), high)
    axes.axvline(place, color=_ACCENT, lw=1.6, ls=(0, (4, 2)))
    left, _ = axes.transData.transform((place, 0))
    start, _ = axes.transAxes.transform((0, 0))
    end, _ = axes.transAxes.transform((1, 0))
    right_half = left > (start + end) / 2
    axes.annotate(
        "median",
        (place, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if right_half else 4, -2),
        textcoords="offset points",
        ha="right" if right_half else "left",
        va="top",
        color=_ACCENT,
    )


def _inline(document: str, plot: Histogram) -> Markup:
    """The drawing without what only a file of its own needs, and with the page's colours."""
    root = ET.fromstring(document)  # noqa: S314  what matplotlib just wrote
    _prune(root)
    used = set(re.findall(r"#([\w-]+)", " ".join(_references(root))))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {
            key.rpartition("}")[2]: _restyled(key, value, plot.name)
            for key, value in element.attrib.items()
            if (value in used if key == "id" else "rotate(-0" not in value)
        }
    for unwanted in ("version", "width", "height"):
        root.attrib.pop(unwanted, None)
    root.attrib |= {"role": "img", "aria-label": plot.described, "class": "plot"}
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704  ElementTree escaped it


def _prune(element: ET.Element) -> None:
    for child in list(element):
        _prune(child)
        kind = child.tag.rpartition("}")[2]
        empty = kind in {"g", "defs"} and not len(child)
        if empty or kind in {"metadata", "style"}:
            element.remove(child)
        child.tail = None
    if len(element):
        element.text = None


def _references(root: ET.Element) -> Iterable[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.endswith("href") or "url(" in value:
                yield value


def _restyled(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key.endswith("href") or "url(" in value:
        value = value.replace("#", f"#{name}-")
    for stand_in, colour in _STAND_INS.items():
        value = value.replace(stand_in, colour)
    # Which fonts are there is the page's affair; the size is the drawing's.
    value = re.sub(r"font: ([\d.]+px) [^;]*", r"font-size: \1", value)
    return re.sub(r"font-family: [^;]*;? ?", "", value)
