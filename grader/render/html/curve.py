"""The loss curve and the accuracies of one student, as geometry for a template.

Every student gets a page: matplotlib takes a tenth of a second for a plot, which is four times
what all else may cost that a batch does for a submission. These two are simple enough to be
placed here and drawn by ``feedback_page.html``, in a fiftieth of the time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from grader.render.training_figures import Accuracies, Losses

_SMALLEST, _LARGEST = 1e-9, 1e12
_LEFT, _RIGHT = 46.0, 306.0
_TOP, _BOTTOM = 12.0, 140.0


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in the drawing's units, and what stands there."""

    at: float
    text: str


@dataclass(frozen=True)
class Curve:
    """Losses over epochs."""

    points: str
    """``x,y x,y ...`` of a polyline."""
    across: list[Tick]
    up: list[Tick]
    last: tuple[float, float]
    """Where it ends."""
    described: str
    """For who does not see it."""


@dataclass(frozen=True)
class Mark:
    """One accuracy on the line from 0 to 1."""

    at: float
    text: str


@dataclass(frozen=True)
class Strip:
    """Accuracies on a line from 0 to 1."""

    ticks: list[Tick]
    low: float
    high: float
    marked: Mark
    runs: list[Mark]
    fresh: Mark | None
    described: str


def curve(losses: Losses) -> Curve | None:
    """The loss curve, from 0 or its lowest to its highest.

    Returns:
        None for losses that no linear axis shows: beyond 10^12, as of a training that diverged.
    """
    low, high = min(0.0, *losses.losses), max(0.0, *losses.losses)
    if not _SMALLEST < max(-low, high) < _LARGEST:
        return None
    up = _ticks(low, high)
    low, high = up[0], up[-1]
    first, last = losses.epochs[0], losses.epochs[-1]
    points = [
        (_place(epoch, first, last, _LEFT, _RIGHT), _place(loss, low, high, _BOTTOM, _TOP))
        for epoch, loss in zip(losses.epochs, losses.losses, strict=True)
    ]
    between = [epoch for epoch in _ticks(first, last) if _is_apart(epoch, first, last)]
    return Curve(
        points=" ".join(f"{x},{y}" for x, y in points),
        across=[
            Tick(_place(epoch, first, last, _LEFT, _RIGHT), f"{epoch:.0f}")
            for epoch in sorted({first, *between, last})
        ],
        up=[Tick(_place(loss, low, high, _BOTTOM, _TOP), f"{loss:.3g}") for loss in up],
        last=points[-1],
        described=(
            f"{losses.losses[0]:.3g} at first, {losses.losses[-1]:.3g} after {last:.0f} epochs, "
            f"lowest {min(losses.losses):.3g}."
        ),
    )


def strip(accuracies: Accuracies) -> Strip:
    """The accuracies side by side."""
    runs = ", ".join(f"{run:.2f}" for run in accuracies.runs)
    fresh = accuracies.fresh
    told = f"Accuracy {accuracies.marked:.2f}, between {accuracies.low:.2f} and "
    told += f"{accuracies.high:.2f} as far as the test lines can tell"
    told += f"; runs: {runs}" if runs else ""
    told += "" if fresh is None else f"; on a fresh task {fresh:.2f}"
    return Strip(
        ticks=[Tick(_across(step / 4), f"{step / 4:g}") for step in range(5)],
        low=_across(accuracies.low),
        high=_across(accuracies.high),
        marked=_mark(accuracies.marked),
        runs=[_mark(run) for run in accuracies.runs],
        fresh=None if fresh is None else _mark(fresh),
        described=f"{told}.",
    )


def _mark(accuracy: float) -> Mark:
    return Mark(_across(accuracy), f"{accuracy:.2f}")


def _across(share: float) -> float:
    return _place(min(max(share, 0.0), 1.0), 0.0, 1.0, _LEFT, _RIGHT)


def _place(value: float, low: float, high: float, start: float, end: float) -> float:
    """Where a value lies between the ends of an axis; in the middle of one without length."""
    share = (value - low) / (high - low) if high > low else 0.5
    return round(start + share * (end - start), 1)


def _ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers, from the last that is not above ``low`` to beyond ``high``."""
    if high <= low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(size * power for size in (1, 2, 5, 10) if 4.001 * size * power >= high - low)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [index * step for index in range(first, last + 1)]


def _is_apart(epoch: float, first: float, last: float) -> bool:
    """Whether it is an epoch whose label fits between those of the first and the last."""
    return first < epoch == round(epoch) and 0.12 < (epoch - first) / (last - first) < 0.88
