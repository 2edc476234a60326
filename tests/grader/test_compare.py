"""grader/compare.py: an output is judged in stages, and each stage says what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.bundle import Tolerance
from grader.compare import compare

TOLERANCE = Tolerance()
WANT = np.arange(6.0).reshape(2, 3) + 1

finite = st.floats(-1e3, 1e3, allow_nan=False)
arrays = hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=5), elements=finite)


@given(arrays)
def test_the_golden_value_passes(want: np.ndarray) -> None:
    """An output equal to its golden value has no mismatch, whatever its shape."""
    assert compare("out", want.copy(), want, TOLERANCE) is None


@given(arrays, st.floats(1e-4, 1e3), st.data())
def test_one_wrong_entry_fails(want: np.ndarray, error: float, data: st.DataObject) -> None:
    """Any single entry that is off by more than the tolerance is found and located."""
    index = data.draw(st.integers(0, want.size - 1))
    got = want.copy()
    got.flat[index] += error * (1 + abs(got.flat[index]))
    mismatch = compare("out", got, want, TOLERANCE)
    assert mismatch is not None
    assert mismatch.stage == "values"
    assert mismatch.numbers is not None


def test_a_scalar_never_passes_for_an_array() -> None:
    """Broadcasting cannot turn a scalar into a pass: the shape is compared first."""
    mismatch = compare("dW1", 1.0, np.ones((3, 4)), TOLERANCE)
    assert mismatch is not None
    assert mismatch.stage == "shape"


@pytest.mark.parametrize(
    ("value", "stage", "words"),
    [
        (None, "type", "is None"),
        ("abc", "type", "is a str"),
        ([[1.0, 2.0], [3.0]], "type", "is a list"),
        (WANT.T, "shape", "it is transposed"),
        (WANT.ravel(), "shape", "the same number of values"),
        (np.ones((2, 4)), "shape", "has shape (2, 4), expected (2, 3)"),
        (WANT + 0j, "dtype", "complex"),
        (np.where(WANT == 2, np.nan, WANT), "finite", "1 of 6 values is NaN"),
        (np.full((2, 3), np.inf), "finite", "6 of 6 values are infinite"),
        (WANT * 2, "values", "exactly twice as large"),
        (WANT / 40, "values", "exactly 40 times too small"),
        (-WANT, "values", "exactly the opposite sign"),
        (WANT + 3, "values", "all by the same constant"),
        (WANT * 0, "values", "all of them zero"),
        (WANT[::-1], "values", "it is reversed along axis 0"),
    ],
)
def test_what_is_wrong_is_said(value: object, stage: str, words: str) -> None:
    """Each stage names its mistake in words."""
    mismatch = compare("dW1", value, WANT, TOLERANCE)
    assert mismatch is not None
    assert mismatch.stage == stage
    assert words in mismatch.what


@pytest.mark.parametrize(
    "value", [WANT.tolist(), WANT.astype(np.float32), WANT.astype(int), tuple(map(tuple, WANT))]
)
def test_style_is_no_mistake(value: object) -> None:
    """Lists, tuples, float32 and integers pass when their values are right."""
    assert compare("dW1", value, WANT, TOLERANCE) is None


@pytest.mark.parametrize("loss", [1.5, np.float64(1.5), np.array([1.5]), np.array([[1.5]])])
def test_a_loss_of_one_value_is_a_loss(loss: object) -> None:
    """A loss may come as a number or as an array of one value."""
    assert compare("loss", loss, np.array(1.5), TOLERANCE) is None


def test_what_is_public_quotes_no_value() -> None:
    """The public sentence never holds a golden value; only ``numbers`` does."""
    want = np.array([[0.123456, 2.0], [3.0, 4.0]])
    mismatch = compare("out", want + np.array([[1.0, 0.1], [0.5, 0.0]]), want, TOLERANCE)
    assert mismatch is not None
    assert "0.123" not in mismatch.what
    assert "0.123" in (mismatch.numbers or "")


def test_what_is_public_carries_nothing_of_the_students_choosing() -> None:
    """Neither a class's name nor a huge shape can smuggle hidden inputs into the feedback."""
    spy = type("w_is_0_123456", (), {"type_name": "w_is_0_123456"})()
    assert "0_123456" not in _what(spy, WANT)
    assert "123456789" not in _what(np.empty((123456789, 0)), WANT)
    assert "12, 34" not in _what(np.empty((1, 1, 1, 1, 12, 34)), WANT)


def test_the_place_of_wrong_values_is_told() -> None:
    """Mistakes only on the border, or only in one channel, are described as such."""
    rng = np.random.default_rng(0)
    want = rng.standard_normal((2, 3, 5, 6))
    border = want.copy()
    border[:, :, 0] += rng.random((2, 3, 6))
    border[:, :, :, -1] -= rng.random((2, 3, 5))
    assert "only on the border" in _what(border, want)
    channel = want.copy()
    channel[:, 1] = rng.standard_normal((2, 5, 6))
    assert "only at index 1 of axis 1" in _what(channel, want)
    turned = np.ascontiguousarray(want[:, :, ::-1, ::-1])
    assert "turned by 180 degrees" in _what(turned, want)


def _what(got: object, want: np.ndarray) -> str:
    mismatch = compare("dx", got, want, TOLERANCE)
    assert mismatch is not None
    return mismatch.what


@pytest.mark.parametrize(
    ("got", "want", "numbers"),
    [
        (1.0 / 3, 0.5, "got 0.3333, want 0.5"),
        (1.76501, 1.76502, "got 1.76501, want 1.76502"),
        (61100840.0, 61090496.0, "got 61100840, want 61090496"),
        (-1e300, 1e300, "got -1e+300, want 1e+300"),
    ],
)
def test_numbers_are_told_apart(got: float, want: float, numbers: str) -> None:
    """As few digits as the course prints, more where they are the same, all of a count."""
    mismatch = compare("out", got, np.asarray(want), TOLERANCE)
    assert mismatch is not None
    assert mismatch.numbers == numbers
