"""grader/render/html/curve.py."""

from __future__ import annotations

import itertools

from hypothesis import assume, given
from hypothesis import strategies as st

from grader.render.html.curve import curve, strip
from grader.render.training_figures import Accuracies, Losses

_LOSSES = st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=30)
_SHARES = st.floats(0, 1)


def losses(values: list[float]) -> Losses:
    """One loss an epoch."""
    return Losses(tuple(float(epoch + 1) for epoch in range(len(values))), tuple(values))


def test_a_known_curve() -> None:
    """Ticks are round numbers from 0; the last loss is where the line ends."""
    drawn = curve(losses([1.5, 0.75, 0.5]))
    assert drawn is not None
    assert [tick.text for tick in drawn.up] == ["0", "0.5", "1", "1.5"]
    assert [tick.text for tick in drawn.across] == ["1", "2", "3"]
    assert drawn.points == "46.0,12.0 176.0,76.0 306.0,97.3"
    assert drawn.last == (306.0, 97.3)


@given(_LOSSES)
def test_every_curve_stays_in_its_frame(values: list[float]) -> None:
    """Whatever a program returns as losses, nothing is drawn outside, and labels are apart."""
    drawn = curve(losses(values))
    assume(drawn is not None)
    points = [tuple(map(float, point.split(","))) for point in drawn.points.split()]
    assert len(points) == len(values)
    assert all(46 <= x <= 306 and 12 <= y <= 140 for x, y in points)
    for ticks in (drawn.up, drawn.across):
        assert 1 <= len(ticks) <= 7
        places = sorted(tick.at for tick in ticks)
        assert all(later - earlier > 12 for earlier, later in itertools.pairwise(places))


def test_what_no_axis_shows_is_not_drawn() -> None:
    """A training that diverged, or that has no loss at all."""
    assert curve(losses([1.0, 1e300])) is None
    assert curve(losses([0.0, 0.0])) is None


@given(_SHARES, _SHARES, _SHARES, st.lists(_SHARES, max_size=5))
def test_accuracies_keep_their_order(
    marked: float, low: float, fresh: float, runs: list[float]
) -> None:
    """What is larger stands further right, within the frame."""
    drawn = strip(Accuracies(marked, low, 1.0, tuple(runs), fresh))
    assert drawn.fresh is not None
    placed = [drawn.marked, drawn.fresh, *drawn.runs]
    pairs = sorted(zip([marked, fresh, *runs], [mark.at for mark in placed], strict=True))
    assert [at for _, at in pairs] == sorted(at for _, at in pairs)
    assert all(46 <= mark.at <= 306 for mark in placed)
    assert drawn.high == 306
