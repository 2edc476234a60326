"""Draws window layers that fit: any stride, padding, overlap and non-square shape."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import strategies as st

from reference.layers.windows import Windows

Shape = tuple[int, int, int, int]
Drawn = tuple[Shape, Windows]


@st.composite
def _windows_over_images(draw: st.DrawFn, max_pad: int) -> Drawn:
    stride, pad = draw(st.integers(1, 3)), draw(st.integers(0, max_pad))
    height, H = draw(_window_and_size(stride, pad))
    width, W = draw(_window_and_size(stride, pad))
    N, C = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return (N, C, H, W), Windows(height, width, stride, pad)


@st.composite
def _window_and_size(draw: st.DrawFn, stride: int, pad: int) -> tuple[int, int]:
    window = draw(st.integers(1, 4))
    fewest_steps = max(0, -((window - 2 * pad - 1) // stride))  # or the image would be empty
    steps = draw(st.integers(fewest_steps, fewest_steps + 2))
    return window, steps * stride + window - 2 * pad


@pytest.fixture(scope="session")
def windows_over_images() -> Callable[..., st.SearchStrategy[Drawn]]:
    """A strategy for (shape of x, windows that fit it), with padding up to max_pad."""

    def strategy(max_pad: int = 2) -> st.SearchStrategy[Drawn]:
        return _windows_over_images(max_pad=max_pad)

    return strategy


@pytest.fixture(scope="session")
def distinct() -> Callable[[Shape, int], np.ndarray]:
    """Draw x without ties: a shuffled ladder, its steps far wider than those of a difference."""

    def draw(shape: Shape, seed: int) -> np.ndarray:
        size = int(np.prod(shape))
        return np.random.default_rng(seed).permutation(np.linspace(-1, 1, size)).reshape(shape)

    return draw
