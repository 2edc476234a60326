"""Working in blocks and on long arrays: the same values, wherever the cuts are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.layers.avg_pool import avg_pool_backward, avg_pool_forward
from reference.layers.conv import conv_backward, conv_forward
from reference.layers.max_pool import max_pool_backward, max_pool_forward
from reference.layers.sliding import over_windows, spread
from reference.layers.windows import blocks

POOL = {"pool_height": 3, "pool_width": 2, "stride": 2}


def _everything() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((5, 3, 7, 8))
    found = []
    for filters, stride in ((4, 1), (8, 1), (4, 2)):  # both ways of conv_backward
        w, b = rng.standard_normal((filters, 3, 3, 2)), rng.standard_normal(filters)
        out, cache = conv_forward(x, w, b, {"stride": stride, "pad": 1})
        found += [out, *conv_backward(np.cos(out), cache)]
    for forward, backward in (
        (max_pool_forward, max_pool_backward),
        (avg_pool_forward, avg_pool_backward),
    ):
        out, cache = forward(x, POOL)
        found += [out, backward(np.cos(out), cache)]
    return found


@pytest.mark.parametrize("size", [1, 4_000, 1 << 16])
def test_blocks_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """One image at a time, a few, or all: blocks are about speed alone."""
    expected = _everything()
    monkeypatch.setattr("reference.layers.windows._BLOCK_BYTES", size)
    for got, want in zip(_everything(), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


def test_blocks_cover_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten images of a third of a block: three at a time, then one."""
    monkeypatch.setattr("reference.layers.windows._BLOCK_BYTES", 3000)
    parts = [range(10)[part] for part in blocks(10, 1000)]
    assert [len(part) for part in parts] == [3, 3, 3, 1]
    assert [i for part in parts for i in part] == list(range(10))


@given(data=st.data())
@settings(max_examples=40)
def test_spread_is_the_adjoint_of_sums(windows_over_images: Callable, data: st.DataObject) -> None:
    """<sums(x), s> = <x, spread(s)> for all x and s."""
    shape, windows = data.draw(windows_over_images(max_pad=0))
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    sums = over_windows(np.add, x, windows)
    share = rng.standard_normal(sums.shape)
    back = spread(share, shape, windows)
    assert np.sum(sums * share) == pytest.approx(np.sum(x * back), abs=1e-10)


def test_extended_precision_is_kept() -> None:
    """What golden tolerances are found with: no step falls back to double precision."""
    x = np.arange(40, dtype=np.longdouble).reshape(1, 2, 4, 5) / 3
    w, b = x[:, :, :3, :2].repeat(3, axis=0), x[0, 0, 0, :3]
    out, cache = conv_forward(x, w, b, {"stride": 1, "pad": 1})
    pooled, pool_cache = max_pool_forward(x, {"pool_height": 2, "pool_width": 2, "stride": 1})
    mean, mean_cache = avg_pool_forward(x, {"pool_height": 2, "pool_width": 2, "stride": 1})
    for array in (
        out,
        *conv_backward(out, cache),
        max_pool_backward(pooled, pool_cache),
        avg_pool_backward(mean, mean_cache),
    ):
        assert array.dtype == np.longdouble


def test_an_upstream_of_another_shape_is_refused() -> None:
    """It is neither cut nor written beyond the image."""
    x = np.ones((1, 1, 4, 4))
    pool = {"pool_height": 2, "pool_width": 2, "stride": 2}
    for forward, backward in (
        (max_pool_forward, max_pool_backward),
        (avg_pool_forward, avg_pool_backward),
    ):
        _, cache = forward(x, pool)
        with pytest.raises(ValueError, match=r"broadcast|shape|size"):
            backward(np.ones((1, 1, 3, 3)), cache)


def test_a_window_with_nan_harms_no_other() -> None:
    """The gradient of a window without a maximum stays within the window."""
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    x[0, 0, 0, 0] = np.nan
    out, cache = max_pool_forward(x, {"pool_height": 2, "pool_width": 2, "stride": 2})
    dx = max_pool_backward(np.ones_like(out), cache)
    assert dx[0, 0, 2:, :].tolist() == [[0, 0, 0, 0], [0, 1, 0, 1]]
    assert dx[0, 0, :2, 2:].tolist() == [[0, 0], [0, 1]]


def test_a_batch_of_no_images() -> None:
    """Nothing comes out, and no gradient but for zeros."""
    x, w, b = np.zeros((0, 3, 5, 5)), np.ones((4, 3, 3, 3)), np.ones(4)
    for stride in (1, 2):
        out, cache = conv_forward(x, w, b, {"stride": stride, "pad": 0})
        assert out.shape == (0, 4, (5 - 3) // stride + 1, (5 - 3) // stride + 1)
        dx, dw, db = conv_backward(out, cache)
        assert dx.shape == x.shape
        assert not dw.any()
        assert not db.any()
    for forward, backward in (
        (max_pool_forward, max_pool_backward),
        (avg_pool_forward, avg_pool_backward),
    ):
        out, cache = forward(x, {"pool_height": 3, "pool_width": 3, "stride": 1})
        assert out.shape == (0, 3, 3, 3)
        assert backward(out, cache).shape == x.shape
