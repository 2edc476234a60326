"""grader/fingerprint.py: fingerprints recognise an array and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.fingerprint import Fingerprint

arrays = hnp.arrays(
    np.float64,
    hnp.array_shapes(max_dims=4, max_side=6),
    elements=st.floats(-1e3, 1e3).filter(lambda v: v == 0 or abs(v) > 1e-6),
)


@given(arrays, st.integers(0, 2**32 - 1))
def test_rounding_does_not_hide_a_match(array: np.ndarray, seed: int) -> None:
    """An error of relative size 1e-9, as another order of summation makes it, still matches."""
    noise = np.random.default_rng(seed).uniform(-1e-9, 1e-9, array.shape)
    assert Fingerprint.of(array * (1 + noise)).matches(Fingerprint.of(array))


@given(arrays, st.data())
def test_another_array_does_not_match(array: np.ndarray, data: st.DataObject) -> None:
    """Changing one entry by 1 % of the array's scale is noticed."""
    index = data.draw(st.integers(0, array.size - 1))
    other = array.copy()
    other.flat[index] += 0.01 * (1 + np.abs(array).max())
    assert not Fingerprint.of(other).matches(Fingerprint.of(array))


def test_shapes_must_agree() -> None:
    """The same values in another shape are another answer."""
    values = np.arange(6.0)
    assert not Fingerprint.of(values).matches(Fingerprint.of(values.reshape(2, 3)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_non_finite_answers_match_by_shape(bad: float) -> None:
    """Arrays with NaN or infinity have no projections; they match each other by shape alone."""
    broken = Fingerprint.of(np.array([1.0, bad]))
    assert broken.projections == ()
    assert broken.matches(Fingerprint.of(np.array([bad, 2.0])))
    assert not broken.matches(Fingerprint.of(np.array([1.0, 2.0])))


@given(arrays)
def test_json_round_trip(array: np.ndarray) -> None:
    """A fingerprint survives its JSON form."""
    original = Fingerprint.of(array)
    assert Fingerprint.from_json(original.to_json()) == original
