"""Data augmentation in plain loops, pixel by pixel."""

from __future__ import annotations

from itertools import product

import numpy as np


def _pixels(array):
    return product(*map(range, array.shape))


def horizontal_flip(x, coins):
    out = np.zeros_like(x)
    for n, c, i, j in _pixels(x):
        out[n, c, i, j] = x[n, c, i, x.shape[3] - 1 - j] if coins[n] else x[n, c, i, j]
    return out


def vertical_flip(x, coins):
    out = np.zeros_like(x)
    for n, c, i, j in _pixels(x):
        out[n, c, i, j] = x[n, c, x.shape[2] - 1 - i, j] if coins[n] else x[n, c, i, j]
    return out


def random_crop(x, offsets, height, width, pad):
    N, C, H, W = x.shape
    out = np.zeros((N, C, height, width))
    for n, c, i, j in _pixels(out):
        row, col = offsets[n, 0] + i - pad, offsets[n, 1] + j - pad
        if 0 <= row < H and 0 <= col < W:
            out[n, c, i, j] = x[n, c, row, col]
    return out


def resize_nearest(x, height, width):
    N, C, H, W = x.shape
    out = np.zeros((N, C, height, width))
    for n, c, i, j in _pixels(out):
        out[n, c, i, j] = x[n, c, int(i * (H / height)), int(j * (W / width))]
    return out


def resize_bilinear(x, height, width):
    N, C, H, W = x.shape
    out = np.zeros((N, C, height, width))
    for n, c, i, j in _pixels(out):
        r = min(max((i + 0.5) * (H / height) - 0.5, 0), H - 1)
        s = min(max((j + 0.5) * (W / width) - 0.5, 0), W - 1)
        for row, col in product(range(H), range(W)):
            weight = max(0, 1 - abs(r - row)) * max(0, 1 - abs(s - col))
            out[n, c, i, j] += weight * x[n, c, row, col]
    return out


def colour_jitter(x, brightness, contrast, saturation):
    N, _, H, W = x.shape
    out = x.copy()
    for n in range(N):
        for c, i, j in product(range(3), range(H), range(W)):
            out[n, c, i, j] = _clip(brightness[n] * out[n, c, i, j])
        mean = sum(_grey(out[n, :, i, j]) for i, j in product(range(H), range(W))) / (H * W)
        for c, i, j in product(range(3), range(H), range(W)):
            out[n, c, i, j] = _clip(mean + contrast[n] * (out[n, c, i, j] - mean))
        for i, j in product(range(H), range(W)):
            grey = _grey(out[n, :, i, j])
            for c in range(3):
                out[n, c, i, j] = _clip(grey + saturation[n] * (out[n, c, i, j] - grey))
    return out


def _grey(pixel):
    red, green, blue = pixel
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _clip(value):
    return min(max(value, 0.0), 1.0)


def pca_colour(x, alphas, components, variances):
    out = x.copy()
    for n, c, i, j in _pixels(x):
        for k in range(3):
            out[n, c, i, j] += alphas[n, k] * variances[k] * components[c, k]
    return out


def cutout(x, centres, size):
    out = x.copy()
    for n, c, i, j in _pixels(x):
        row, col = i - (centres[n, 0] - size // 2), j - (centres[n, 1] - size // 2)
        if 0 <= row < size and 0 <= col < size:
            out[n, c, i, j] = 0
    return out


def mixup(x, y, lam, permutation):
    x_mixed, y_mixed = np.zeros(x.shape), np.zeros(y.shape)
    for n in range(len(x)):
        x_mixed[n] = lam * x[n] + (1 - lam) * x[permutation[n]]
        y_mixed[n] = lam * y[n] + (1 - lam) * y[permutation[n]]
    return x_mixed, y_mixed


FUNCTIONS = {
    "horizontal_flip": horizontal_flip,
    "vertical_flip": vertical_flip,
    "random_crop": random_crop,
    "resize_nearest": resize_nearest,
    "resize_bilinear": resize_bilinear,
    "colour_jitter": colour_jitter,
    "pca_colour": pca_colour,
    "cutout": cutout,
    "mixup": mixup,
}
