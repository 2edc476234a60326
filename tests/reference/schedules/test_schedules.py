"""Schedules: numbers of the papers, and what the golden cases do not ask."""

from __future__ import annotations

import numpy as np
import pytest

from reference.schedules import (
    cosine_decay,
    googlenet_decay,
    inverse_sqrt_decay,
    linear_decay,
    linear_warmup,
    plateau_decay,
)


def test_googlenet_loses_four_percent_every_eight_epochs() -> None:
    """0.01 for 8 epochs, then 0.0096, then 0.009216."""
    rates = [googlenet_decay(0.01, epoch) for epoch in range(17)]
    assert rates == pytest.approx([0.01] * 8 + [0.0096] * 8 + [0.009216])


@pytest.mark.parametrize("decay", [cosine_decay, linear_decay])
def test_from_the_rate_over_half_of_it_to_zero(decay) -> None:
    """Both begin, meet in the middle, and end alike."""
    assert [decay(2.0, epoch, 10) for epoch in (0, 5, 10)] == pytest.approx([2, 1, 0])


def test_alexnet_s_rate_falls_three_times() -> None:
    """Three plateaus, and 0.01 has become a thousandth of itself."""
    losses = np.array([5, 4, 4.1, 4.2, 3, 3.5, 3.2, 2, 2.1, 2.5])
    assert plateau_decay(0.01, losses, 0.1, 2) == pytest.approx(1e-5)
    assert plateau_decay(0.01, losses[:0], 0.1, 2) == 0.01


def test_a_loss_that_is_no_number_is_no_progress() -> None:
    """Training that has diverged is a plateau."""
    assert plateau_decay(1.0, np.array([1, np.nan, np.nan]), 0.5, 2) == 0.5


def test_steps_count_from_one() -> None:
    """Step 0 of the inverse square root does not exist; warm-up's is 0."""
    assert inverse_sqrt_decay(1.0, 1) == 1
    with pytest.raises(ZeroDivisionError):
        inverse_sqrt_decay(1.0, 0)
    assert linear_warmup(1.0, 0, 5) == 0
