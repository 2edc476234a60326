"""Fixed kernels in plain Python loops."""

from __future__ import annotations

import math
from itertools import product

import numpy as np


def box_kernel(size):
    return np.array([[1 / (size * size) for _ in range(size)] for _ in range(size)])


def gaussian_kernel(size, sigma):
    middle = (size - 1) / 2
    weights = [
        [math.exp(-(math.hypot(i - middle, j - middle) ** 2) / (2 * sigma**2)) for j in range(size)]
        for i in range(size)
    ]
    total = math.fsum(weight for row in weights for weight in row)
    return np.array([[weight / total for weight in row] for row in weights])


def sharpen_kernel():
    return np.array(
        [[1 + 4 if i == j == 1 else -(abs(i - j) == 1) for j in range(3)] for i in range(3)]
    )


def edge_kernel():
    return np.array([[8 if i == j == 1 else -1 for j in range(3)] for i in range(3)])


def apply_kernel(image, kernel):
    (H, W), (h, w) = image.shape, kernel.shape
    top, left = math.ceil((h - 1) / 2), math.ceil((w - 1) / 2)
    out = np.zeros((H, W))
    for p, q, i, j in product(range(H), range(W), range(h), range(w)):
        row, col = p + i - top, q + j - left
        if 0 <= row < H and 0 <= col < W:
            out[p, q] += image[row, col] * kernel[i, j]
    return out


FUNCTIONS = {
    function.__name__: function
    for function in (box_kernel, gaussian_kernel, sharpen_kernel, edge_kernel, apply_kernel)
}
