"""grader/dataset/synthetic.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.assignment import DatasetRule
from grader.dataset.synthetic import ordinal_task, stand_in_text
from grader.shipped import shipped


def test_the_stand_in_file_is_what_the_generator_makes(rule: DatasetRule) -> None:
    """The bundled file is no mystery: anyone can make it again."""
    assert (shipped("data") / "standin.txt").read_text("ascii") == stand_in_text(rule)


def test_same_seed_same_task_other_seed_other_rule() -> None:
    """Tasks are reproducible, and secret rules differ between seeds."""
    first_X, first_y = ordinal_task(np.random.default_rng(7))
    again_X, again_y = ordinal_task(np.random.default_rng(7))
    other_X, other_y = ordinal_task(np.random.default_rng(8))
    np.testing.assert_array_equal(first_X, again_X)
    np.testing.assert_array_equal(first_y, again_y)
    slopes = [_slope(X, y) for X, y in [(first_X, first_y), (other_X, other_y)]]
    assert not np.allclose(slopes[0], slopes[1], atol=0.2)


@settings(max_examples=30)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(2, 7), st.sampled_from([200, 500])
)
def test_shape_range_and_class_shares(seed: int, inputs: int, classes: int, samples: int) -> None:
    """Inputs lie in [0, 1]; no class is rare: each has at least 0.6 of an even share."""
    X, y = ordinal_task(
        np.random.default_rng(seed), inputs=inputs, classes=classes, samples=samples
    )
    assert X.shape == (samples, inputs)
    assert X.min() >= 0
    assert X.max() <= 1
    np.testing.assert_array_equal(X, np.round(X, 4))
    assert np.bincount(y, minlength=classes).min() > 0.6 * samples / classes


@pytest.mark.parametrize("seed", range(8))
def test_a_linear_score_explains_the_classes_as_in_the_published_file(seed: int) -> None:
    """Difficulty: a least-squares score, cut, is right for 93 to 99.5 % of the lines."""
    X, y = ordinal_task(np.random.default_rng(seed), samples=4000)
    score = X @ _slope(X, y)
    shares = np.cumsum(np.bincount(y)) / len(y)
    predicted = np.searchsorted(np.quantile(score, shares[:-1]), score)
    assert 0.93 < np.mean(predicted == y) < 0.995


def _slope(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Least-squares weights of the class number on the inputs."""
    centred = X - X.mean(axis=0)
    return np.linalg.lstsq(centred, y - y.mean(), rcond=None)[0]
