"""grader/observe.py: what right answers have in common, whatever they drew."""

from __future__ import annotations

import numpy as np
import pytest

from grader.observe import KINDS, Observation, Observed, observe

X = np.random.RandomState(0).uniform(1, 2, (100, 100))


def seen(kind, *values) -> Observed:
    """The observation of these values."""
    names = [f"v{i}" for i in range(len(values))]
    return observe(Observation(kind, tuple(names)), dict(zip(names, values, strict=True)).get)


def dropped(seed: int, keep: float = 0.8, dtype: type = np.float64):
    """X after inverted dropout, and the mask."""
    mask = np.random.RandomState(seed).uniform(size=X.shape) < keep
    return (X.astype(dtype) * mask / dtype(keep)).astype(dtype), mask


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("seed", range(3))
def test_dropout_looks_alike_whatever_it_draws(seed, dtype):
    """Two scale factors, the share that is kept, and a backward pass with the same mask."""
    out, mask = dropped(seed, dtype=dtype)
    assert seen("kept_scales", out, X).value == pytest.approx([0, 1.25], rel=1e-5)
    assert seen("kept_share", out).value == 0.8
    assert seen("same_mask", out, X, (3 * mask / 0.8), np.full(X.shape, 3.0)).value == 1
    assert seen("same_mask", out, X, (3.0 * mask), np.full(X.shape, 3.0)).value == 0.5
    other, _ = dropped(seed + 10)
    assert seen("same_mask", out, X, other, X).value == 0
    assert seen("same_mask", out, 2 * out).value == 1
    assert seen("same_mask", out, mask).value == 0.5
    assert seen("same_mask", out, other).value == 0


def test_more_scales_than_listed_are_told_as_such():
    """An answer with a factor of its own for every value is like no other, and like itself."""
    value = seen("kept_scales", X**2, X).value
    assert value.shape == (5,)
    assert np.isnan(value).all()


@pytest.mark.parametrize("seed", range(5))
def test_deviations_are_told_on_a_coarse_scale(seed):
    """Ten thousand normal numbers show their deviation; another one is told apart."""
    draw = np.random.RandomState(seed).standard_normal((100, 100))
    assert seen("mean_and_deviation", 0.01 * draw).value == pytest.approx([0, 0.01])
    assert seen("mean_and_deviation", 0.01 * np.sqrt(2) * draw).value[1] > 0.0135
    uniform = np.random.RandomState(seed).uniform(size=10_000)
    assert seen("mean_and_deviation", uniform).value[0] == 1.7
    assert seen("mean_and_deviation", np.zeros(4)).value == pytest.approx([0, 0])


def test_simple_kinds():
    """Each sums up what its name says."""
    assert seen("equal", X, X + 1e-12).value == 1
    assert seen("equal", X, X + 1e-6).value == 0
    assert seen("text", " läuft\n").value.tolist() == [*"läuft".encode()]
    assert "to print" in seen("text", None).why_not
    assert seen("absolute", np.array([-1, 2])).value.tolist() == [1, 2]
    assert seen("sorted", np.array([[3, 1], [2, 0]])).value.tolist() == [0, 1, 2, 3]
    assert seen("sorted", [[3, 1], np.array([2, 0])]).value.tolist() == [0, 1, 2, 3]
    assert seen("shape_of", X).value.tolist() == [100, 100]
    assert seen("shape_of", 3.5).value.shape == (0,)


ODD = [
    None, "text", "\ud800", "x" * 10_000_000, [], {}, object(), True, 10**400, float("nan"), 2 + 1j,
    np.array(["a"]), np.array(None), np.array(np.inf), np.full(X.shape, np.nan), np.zeros(0),
    np.zeros((0, 3)), np.full(X.shape, 1e308), np.zeros(X.shape, bool), np.ones(X.shape, "c16"),
    np.broadcast_to(np.zeros(()), (1 << 40,)), [np.broadcast_to(np.zeros(()), (1 << 40,))],
    [[1, 2], [3]], [1, "a"], [10**400], [None], [[]], (1, {}),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_returned_harms(kind):
    """Whatever stands where an array should: a small array comes back, or the reason why not."""
    for odd in ODD:
        for values in ([odd], [odd, X], [X, odd], [odd, X, X, X], [X, X, odd, X], [odd] * 4):
            try:
                Observation(kind, tuple("abcd"[: len(values)]))
            except ValueError:
                continue
            found = seen(kind, *values)
            assert found.value.dtype == np.float64
            assert found.value.size <= 1 << 20
            if found.why_not is not None:
                assert np.isnan(found.value)
                assert len(found.why_not) < 100


def test_an_observation_says_how_many_values_it_looks_at():
    """A plan with one too few is refused when it is written."""
    with pytest.raises(ValueError, match="kept_scales"):
        Observation("kept_scales", ("out",))
