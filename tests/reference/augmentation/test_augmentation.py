"""reference/augmentation: what should change nothing, and what the results must look like."""

from __future__ import annotations

import numpy as np
import pytest

from reference.augmentation.colour_jitter import colour_jitter
from reference.augmentation.crop import random_crop
from reference.augmentation.cutout import cutout
from reference.augmentation.flips import horizontal_flip, vertical_flip
from reference.augmentation.mixup import mixup
from reference.augmentation.resize import resize_bilinear, resize_nearest

NO_OFFSET = np.zeros((2, 2), dtype=int)
ONES = np.ones(2)


@pytest.fixture
def x():
    """Two colour images."""
    return np.random.default_rng(0).uniform(size=(2, 3, 4, 5))


@pytest.mark.parametrize(
    "unchanged",
    [
        lambda x: horizontal_flip(horizontal_flip(x, np.ones(2)), np.ones(2)),
        lambda x: vertical_flip(vertical_flip(x, np.ones(2)), np.ones(2)),
        lambda x: random_crop(x, NO_OFFSET, 4, 5, pad=0),
        lambda x: random_crop(x, NO_OFFSET + 3, 4, 5, pad=3),
        lambda x: resize_nearest(x, 4, 5),
        lambda x: resize_bilinear(x, 4, 5),
        lambda x: colour_jitter(x, ONES, ONES, ONES),
        lambda x: cutout(x, NO_OFFSET, 0),
        lambda x: mixup(x, np.eye(2), 1.0, np.array([1, 0]))[0],
    ],
)
def test_what_changes_nothing(x, unchanged):
    """Two flips, a crop of everything, the same size, factors of 1, no square, all of one."""
    np.testing.assert_allclose(unchanged(x), x)


def test_no_saturation_leaves_grey_and_no_contrast_one_colour(x):
    """The three channels are equal; then all pixels are."""
    grey = colour_jitter(x, ONES, ONES, 0 * ONES)
    np.testing.assert_allclose(grey, grey[:, :1].repeat(3, axis=1))
    flat = colour_jitter(x, ONES, 0 * ONES, ONES)
    np.testing.assert_allclose(flat, flat[:, :1, :1, :1] * np.ones_like(x))


def test_a_square_at_the_corner_hides_a_quarter(x):
    """What lies outside the image is cut off, not moved inside."""
    hidden = (cutout(x, NO_OFFSET, 4) == 0).all(axis=(0, 1))
    assert hidden.sum() == 4
    assert hidden[:2, :2].all()


def test_a_crop_outside_the_image_is_refused(x):
    """One pixel too far, or before the first one."""
    for wrong in (NO_OFFSET + 1, NO_OFFSET - 1):
        with pytest.raises(ValueError, match="fit"):
            random_crop(x, wrong, 4, 4, pad=0)
