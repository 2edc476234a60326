"""Fractional max pooling: known examples, what it generalises, and boundaries that do not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.layers.fractional_boundaries import fractional_boundaries
from reference.layers.fractional_max_pool import (
    fractional_max_pool_backward,
    fractional_max_pool_forward,
)
from reference.layers.max_pool import max_pool_backward, max_pool_forward

ROW = np.array([20.0, 5, 16, 3, 7]).reshape(1, 1, 1, 5)


def _param(rows: list[int], cols: list[int], overlapping: bool) -> dict:
    return {"rows": rows, "cols": cols, "overlapping": overlapping}


def test_overlapping_regions_share_the_boundary() -> None:
    """Of 20 5 16 3 7 with boundaries 0, 2, 4, the 16 counts in both regions."""
    for x, param in (
        (np.repeat(ROW, 2, axis=2), _param([0, 1], [0, 2, 4], True)),
        (np.repeat(ROW, 2, axis=2).swapaxes(2, 3), _param([0, 2, 4], [0, 1], True)),
    ):
        assert fractional_max_pool_forward(x, param)[0].ravel().tolist() == [20, 16]


def test_disjoint_regions_cover_everything_once() -> None:
    """Regions 20 5, 16 and 3 7; a gradient comes back to the three winners."""
    out, cache = fractional_max_pool_forward(ROW, _param([0, 1], [0, 2, 3, 5], False))
    assert out.ravel().tolist() == [20, 16, 7]
    dx = fractional_max_pool_backward(np.array([[[[1.0, 2, 3]]]]), cache)
    assert dx.ravel().tolist() == [1, 0, 2, 0, 3]


@pytest.mark.parametrize("overlapping", [False, True])
def test_equal_regions_are_max_pooling(overlapping: bool) -> None:
    """Boundaries 2 apart are windows of 2 with stride 2, or of 3 where they overlap; ties too."""
    size, window = (7, 3) if overlapping else (6, 2)
    x = np.random.default_rng(0).integers(0, 3, (2, 3, size, size)).astype(float)
    edges = list(range(0, 7, 2))
    out, cache = fractional_max_pool_forward(x, _param(edges, edges, overlapping))
    want, want_cache = max_pool_forward(
        x, {"pool_height": window, "pool_width": window, "stride": 2}
    )
    np.testing.assert_array_equal(out, want)
    dout = np.arange(out.size, dtype=float).reshape(out.shape)
    np.testing.assert_array_equal(
        fractional_max_pool_backward(dout, cache), max_pool_backward(dout, want_cache)
    )


@pytest.mark.parametrize("cols", [[0, 2, 4], [1, 3, 5], [0, 3, 3, 5], [0, 2, 6], [0], [5]])
def test_boundaries_that_do_not_fit(cols: list[int]) -> None:
    """Disjoint regions of 5 columns begin with 0, increase, and end with 5."""
    with pytest.raises(ValueError, match="must increase from 0 to 5, these do not fit"):
        fractional_max_pool_forward(ROW, _param([0, 1], cols, False))


def test_precision_is_kept() -> None:
    """float32 stays float32."""
    x = ROW.astype(np.float32)
    out, cache = fractional_max_pool_forward(x, _param([0, 1], [0, 2, 5], False))
    assert out.dtype == fractional_max_pool_backward(out, cache).dtype == np.float32


@given(regions=st.integers(1, 20), more=st.integers(0, 30), u=st.floats(0, 1, exclude_max=True))
def test_pseudorandom_boundaries_fit(regions: int, more: int, u: float) -> None:
    """They lead from 0 to the size, and two regions differ by at most one pixel."""
    size = regions + more
    boundaries = fractional_boundaries(size, regions, u)
    sizes = np.diff(boundaries)
    assert (boundaries[0], boundaries[-1], len(sizes)) == (0, size, regions)
    assert set(sizes) <= {size // regions, -(-size // regions)}


def test_no_more_regions_than_pixels() -> None:
    """5 pixels make no 6 regions, and nothing makes none."""
    for regions in (0, 6):
        with pytest.raises(ValueError, match="5 pixels cannot be cut"):
            fractional_boundaries(5, regions, 0.5)
