"""reference/kernels.py: the lecture's kernels by their numbers, and what they do to an image."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference.kernels import (
    apply_kernel,
    box_kernel,
    edge_kernel,
    gaussian_kernel,
    sharpen_kernel,
)


def test_the_usual_gaussian_blur() -> None:
    """1 2 1, 2 4 2, 1 2 1 over 16 is the Gaussian whose weight halves from a pixel to the next."""
    kernel = gaussian_kernel(3, 1 / math.sqrt(2 * math.log(2)))
    np.testing.assert_allclose(16 * kernel, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


def test_an_even_gaussian_is_symmetric() -> None:
    """Its middle lies between the pixels."""
    kernel = gaussian_kernel(4, 1.3)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1])
    assert kernel.sum() == pytest.approx(1)


def test_where_all_pixels_are_equal() -> None:
    """Blur and sharpen keep them, edge detection leaves nothing: away from the border."""
    image = np.full((5, 5), 7.0)
    for kernel in (box_kernel(3), gaussian_kernel(3, 0.7), sharpen_kernel()):
        assert apply_kernel(image, kernel)[1:-1, 1:-1] == pytest.approx(7)
    assert (apply_kernel(image, edge_kernel())[1:-1, 1:-1] == 0).all()


def test_a_bright_point() -> None:
    """A single 1 gives the kernel, turned: what each pixel sees of it."""
    image = np.zeros((5, 5))
    image[2, 2] = 1
    kernel = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(apply_kernel(image, kernel)[1:4, 1:4], kernel[::-1, ::-1])


def test_the_lectures_example() -> None:
    """[[0..8]] * [[0, 1], [2, 3]] = [[19, 25], [37, 43]], with a row and a column of border."""
    image, kernel = np.arange(9.0).reshape(3, 3), np.arange(4.0).reshape(2, 2)
    assert apply_kernel(image, kernel)[1:, 1:].tolist() == [[19, 25], [37, 43]]


@pytest.mark.parametrize("make", [lambda: box_kernel(0), lambda: gaussian_kernel(3, 0.0)])
def test_sizes_and_sigmas_that_no_kernel_has(make) -> None:
    """0 is refused."""
    with pytest.raises(ValueError, match="positive"):
        make()
