"""The class page's plots: which histograms, over which bins, with which words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from grader.render.class_summary import ClassSummary, Distribution
from grader.render.html.plots import Histogram, draw
from grader.render.wording import points, seconds

_FEW: Final = 40
_TIMES: Final = {0.01: "10 ms", 0.1: "0.1 s", 1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min"}


def class_plots(summary: ClassSummary) -> list[tuple[str, str, Histogram, str]]:
    """(heading, caption, histogram, drawing) for what there is anything to draw of."""
    drawn = []
    if summary.marks.number:
        drawn.append(("Scores", *_scores(summary)))
    if summary.accuracies.number:
        drawn.append(("Test accuracy", *_accuracies(summary.accuracies)))
    if summary.seconds.number:
        drawn.append(("Run time", *_run_times(summary.seconds)))
    return [(heading, caption, plot, draw(plot)) for heading, caption, plot in drawn]


def _scores(summary: ClassSummary) -> tuple[str, Histogram]:
    marks = summary.marks
    top = max(summary.points, *marks.counts, 1.0)
    # Bonus points go beyond the assignment's, a slip of the pen (1000 for 10.00) far beyond.
    span = max(summary.points, top / 2)
    width = _round_width(span / (10 if marks.number < _FEW else 20))
    caption = _middle(marks, points, " points")
    edges = [width * step for step in range(math.ceil(top / width - 1e-9) + 1)]
    return caption, Histogram(
        "scores", f"Scores. {caption}", "points", marks.counts, edges, marks.median, text=points
    )


def _accuracies(values: Distribution) -> tuple[str, Histogram]:
    caption = _middle(values, lambda value: f"{value:.2f}", "")
    lowest = min(0.5, math.floor(min(values.counts) * 10) / 10)
    parts = round((1 - lowest) * (20 if values.number < _FEW else 40))
    edges = [round(lowest + (1 - lowest) * step / parts, 4) for step in range(parts + 1)]
    return caption, Histogram(
        "accuracies",
        f"Test accuracy. {caption}",
        "accuracy on the test lines",
        values.counts,
        edges,
        values.median,
        text=lambda value: f"{value:.3g}",
    )


def _run_times(values: Distribution) -> tuple[str, Histogram]:
    caption = _middle(values, _quick, "")
    low, high = (max(0.01, bound(values.counts)) for bound in (min, max))
    first, last = math.floor(math.log10(low) * 4), math.ceil(math.log10(high) * 4 + 1e-9)
    last = max(last, first + 4)
    edges = [10 ** (step / 4) for step in range(first, last + 1)]
    ticks = {value: text for value, text in _TIMES.items() if edges[0] <= value <= edges[-1]}
    return caption, Histogram(
        "run-times",
        f"CPU time of the student's code. {caption}",
        "CPU time of the student's code",
        values.counts,
        edges,
        values.median,
        logarithmic=True,
        text=lambda value: f"{value:.2g} s",
        ticks=ticks or {edge: _quick(edge) for edge in (edges[0], edges[-1])},
    )


def _quick(value: float) -> str:
    """Seconds, also the few hundredths that unfinished homework takes."""
    return seconds(value) if value >= 0.95 else f"{value:.2g} s"


def _middle(values: Distribution, text: Callable[[float], str], unit: str) -> str:
    """In words what a histogram shows: the median, the middle half, the ends."""
    low, high = text(values.quantile(0.25)), text(values.quantile(0.75))
    return (
        f"Median {text(values.median)}{unit}; half of the class between {low} and {high}; "
        f"lowest {text(min(values.counts))}, highest {text(max(values.counts))}."
    )


def _round_width(width: float) -> float:
    """The next larger of 0.1, 0.25, 0.5, 1, 2.5, 5, 10, ..."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2.5, 5, 10) if step * power >= width - 1e-9)
