"""Kernels in styles of their own: whole numbers, lists, Fourier."""

from __future__ import annotations

import numpy as np


def box_kernel(size):
    kernel = np.ones([size, size])
    return (kernel / kernel.sum()).tolist()


def gaussian_kernel(size, sigma):
    """With the factor of the density, which the sum takes out again."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    kernel = np.exp(-0.5 * (x / sigma) ** 2) * np.exp(-0.5 * (y / sigma) ** 2)
    kernel /= 2 * np.pi * sigma**2
    return kernel / np.sum(kernel)


def sharpen_kernel():
    """Whole numbers."""
    return np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])


def edge_kernel():
    """Nested lists."""
    return [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]


def apply_kernel(image, kernel):
    """Correlation by Fourier transform of what is large enough not to wrap around."""
    shape = [a + b for a, b in zip(image.shape, kernel.shape, strict=True)]
    product = np.fft.fft2(image, shape) * np.fft.fft2(kernel[::-1, ::-1], shape)
    top, left = ((n - 1) // 2 for n in kernel.shape)
    full = np.fft.ifft2(product).real
    return full[top : top + image.shape[0], left : left + image.shape[1]]


FUNCTIONS = {
    function.__name__: function
    for function in (box_kernel, gaussian_kernel, sharpen_kernel, edge_kernel, apply_kernel)
}
