"""Data augmentation as a student might hand it in: masks, slices, matrices of weights."""

from __future__ import annotations

import numpy as np


def horizontal_flip(x, coins):
    out = x.copy()
    out[coins.astype(bool)] = np.flip(x[coins.astype(bool)], axis=-1)
    return out


def vertical_flip(x, coins):
    for i in range(len(coins)):
        if coins[i]:
            x[i] = x[i, :, ::-1, :].copy()
    return x


def random_crop(x, offsets, height, width, pad):
    p = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode="constant")
    return np.array([p[i, :, r : r + height, c : c + width] for i, (r, c) in enumerate(offsets)])


def resize_nearest(x, height, width):
    H, W = x.shape[2:]
    r = np.floor(np.arange(height) * (H / float(height))).astype(int)
    c = np.floor(np.arange(width) * (W / float(width))).astype(int)
    return x[:, :, r][:, :, :, c]


def resize_bilinear(x, height, width):
    H, W = x.shape[-2:]

    def weights(n, m):
        A = np.zeros((m, n))
        for i in range(m):
            r = min(max((i + 0.5) * n / m - 0.5, 0), n - 1)
            a = min(int(r), n - 2)
            A[i, a] += 1 - (r - a)
            A[i, a + 1] += r - a
        return A

    return np.einsum("ih,nchw,jw->ncij", weights(H, height), x, weights(W, width))


def colour_jitter(x, brightness, contrast, saturation):
    g = np.array([0.299, 0.587, 0.114])
    out = np.zeros_like(x)
    for n in range(len(x)):
        im = np.minimum(1, np.maximum(0, brightness[n] * x[n]))
        m = np.tensordot(g, im, 1).mean()
        im = np.clip((1 - contrast[n]) * m + contrast[n] * im, 0, 1)
        gr = np.tensordot(g, im, 1)[None]
        out[n] = np.clip((1 - saturation[n]) * gr + saturation[n] * im, 0, 1)
    return out


def pca_colour(x, alphas, components, variances):
    for n in range(x.shape[0]):
        d = components.dot(alphas[n] * variances)
        x[n] += d.reshape(3, 1, 1)
    return x


def cutout(x, centres, size):
    m = np.ones(x.shape)
    for n in range(len(x)):
        y0 = centres[n][0] - size // 2
        x0 = centres[n][1] - size // 2
        y1, x1 = y0 + size, x0 + size
        m[
            n,
            :,
            np.clip(y0, 0, x.shape[2]) : np.clip(y1, 0, x.shape[2]),
            np.clip(x0, 0, x.shape[3]) : np.clip(x1, 0, x.shape[3]),
        ] = 0
    return x * m


def mixup(x, y, lam, permutation):
    return (lam * x + (1 - lam) * x[permutation, :]), lam * y + (1.0 - lam) * y[permutation, :]


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
