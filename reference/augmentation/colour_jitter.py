"""Colour jitter: the same object in another light.

Source: course lecture "Training neural networks", data augmentation; order and grey as in
torchvision's ``ColorJitter`` (grey after ITU-R BT.601).
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array

GREY = (0.299, 0.587, 0.114)
"""Weights of red, green and blue."""


def colour_jitter(x: Array, brightness: Array, contrast: Array, saturation: Array) -> Array:
    """Change brightness, then contrast, then saturation, each clipped to 0..1.

    With b, c, s the image's factors, grey = 0.299 R + 0.587 G + 0.114 B of what the step gets, and
    m the mean of grey over the image's pixels:

        x ← clip(b x);  x ← clip(m + c (x − m));  x ← clip(grey + s (x − grey))

    Args:
        x: (N, 3, H, W), in 0..1
        brightness: (N,), factors at least 0; 1 changes nothing
        contrast: (N,), likewise
        saturation: (N,), likewise

    Returns:
        out: (N, 3, H, W), in 0..1
    """
    x = np.clip(_each(brightness) * x, 0, 1)
    middle = _grey(x).mean(axis=(1, 2, 3), keepdims=True)
    x = np.clip(middle + _each(contrast) * (x - middle), 0, 1)
    grey = _grey(x)
    out: Array = np.clip(grey + _each(saturation) * (x - grey), 0, 1)
    return out


def _each(factors: Array) -> Array:
    return factors[:, np.newaxis, np.newaxis, np.newaxis]


def _grey(x: Array) -> Array:
    weights = np.array(GREY, dtype=x.dtype)[:, np.newaxis, np.newaxis]
    grey: Array = (weights * x).sum(axis=1, keepdims=True)
    return grey
