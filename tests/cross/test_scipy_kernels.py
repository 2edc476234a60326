"""Kernels say the same as SciPy's image filters."""

from __future__ import annotations

import numpy as np
import pytest

from reference.kernels import apply_kernel, box_kernel, gaussian_kernel

ndimage = pytest.importorskip("scipy.ndimage", reason="needs SciPy: pip install 'goldgrad[cross]'")

pytestmark = pytest.mark.cross


@pytest.mark.parametrize("shape", [(3, 3), (1, 5), (2, 4), (4, 3)])
def test_applying(shape: tuple[int, int]) -> None:
    """Correlation with zeros around the image; SciPy, too, has an even kernel's middle after it."""
    rng = np.random.default_rng(0)
    image, kernel = rng.standard_normal((6, 7)), rng.standard_normal(shape)
    theirs = ndimage.correlate(image, kernel, mode="constant")
    np.testing.assert_allclose(apply_kernel(image, kernel), theirs, atol=1e-12)


@pytest.mark.parametrize(("radius", "sigma"), [(1, 0.6), (2, 1.1), (3, 1.7)])
def test_gaussian_blur(radius: int, sigma: float) -> None:
    """gaussian_filter with this radius."""
    image = np.random.default_rng(0).standard_normal((8, 9))
    theirs = ndimage.gaussian_filter(image, sigma, mode="constant", radius=radius)
    ours = apply_kernel(image, gaussian_kernel(2 * radius + 1, sigma))
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize("size", [2, 3])
def test_box_blur(size: int) -> None:
    """uniform_filter."""
    image = np.random.default_rng(0).standard_normal((5, 6))
    theirs = ndimage.uniform_filter(image, size, mode="constant")
    np.testing.assert_allclose(apply_kernel(image, box_kernel(size)), theirs, atol=1e-12)
