"""A smaller buffer for NumPy: only where it is asked for, and without a change of values."""

from __future__ import annotations

import numpy as np
import pytest

from reference.layers.whole_rows import whole_rows


@pytest.mark.parametrize("length", [0, 1, 100, 3025, 10**6])
def test_the_buffer_is_what_it_was(length: int) -> None:
    """Afterwards, and after an error, too."""
    before = np.getbufsize()
    with whole_rows(length):
        assert 16 <= np.getbufsize() <= before
    assert np.getbufsize() == before
    with pytest.raises(KeyError), whole_rows(length):
        raise KeyError
    assert np.getbufsize() == before


def test_values_are_the_same() -> None:
    """The buffer is about speed alone."""
    rng = np.random.default_rng(0)
    x, mean = rng.standard_normal((3, 4, 100)), rng.standard_normal((4, 1))
    with whole_rows(100):
        got = x - mean
    np.testing.assert_array_equal(got, x - mean)
