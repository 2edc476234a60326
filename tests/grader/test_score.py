"""grader/score.py: ladders and intervals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.score import ladder_fraction, wilson_interval

LADDER = [(0.50, 0.0), (0.90, 1.0)]


@pytest.mark.parametrize(
    ("accuracy", "fraction"),
    [(0.0, 0.0), (0.5, 0.0), (0.7, 0.5), (0.9, 1.0), (1.0, 1.0), (math.nan, 0.0)],
)
def test_the_ladder_is_linear_between_its_steps(accuracy: float, fraction: float) -> None:
    """0 up to the first step, full from the last, linear between; NaN earns nothing."""
    assert ladder_fraction(LADDER, accuracy) == pytest.approx(fraction)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_accuracy_never_earns_less(a: float, b: float) -> None:
    """The ladder is monotone."""
    low, high = sorted((a, b))
    assert ladder_fraction(LADDER, low) <= ladder_fraction(LADDER, high)


def test_the_wilson_interval_of_a_known_case() -> None:
    """93 of 100: the closed formula by hand gives [0.8625, 0.9657]."""
    low, high = wilson_interval(93, 100)
    assert (low, high) == pytest.approx((0.8625, 0.9657), abs=1e-4)


@given(st.integers(1, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_proportion(case: tuple[int, int]) -> None:
    """The interval lies in [0, 1] and contains the measured proportion."""
    successes, trials = case
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1


@pytest.mark.parametrize(("successes", "trials"), [(1, 0), (-1, 5), (6, 5)])
def test_impossible_counts_are_refused(successes: int, trials: int) -> None:
    """Counts that cannot be are errors, not intervals."""
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(successes, trials)
