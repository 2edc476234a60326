"""Initialisers: what they are for."""

from __future__ import annotations

import numpy as np
import pytest

from reference.initialisers import he_init, small_gaussian_init, xavier_init


def test_activations_keep_their_size() -> None:
    """Ten layers deep, He keeps ReLU's second moment and Xavier linear outputs; 0.01 kills both."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200, 300))
    sizes = {}
    for init, activation in (
        (he_init, "relu"),
        (xavier_init, "none"),
        (small_gaussian_init, "none"),
    ):
        h = x
        for _ in range(10):
            h = h @ init(rng.standard_normal((300, 300)))
            h = np.maximum(h, 0) if activation == "relu" else h
        sizes[init] = float((h**2).mean()) * (2 if activation == "relu" else 1)
    assert 0.5 < sizes[he_init] < 2
    assert 0.5 < sizes[xavier_init] < 2
    assert sizes[small_gaussian_init] < 1e-10


def test_float32_stays_float32() -> None:
    """Weights are as precise as the numbers that they are made of."""
    z = np.ones((3, 2), np.float32)
    assert {init(z).dtype for init in (he_init, xavier_init, small_gaussian_init)} == {z.dtype}


def test_weights_of_another_kind_are_refused() -> None:
    """What the inputs of a unit are is only known of affine and convolution layers."""
    with pytest.raises(ValueError, match="2 or 4 axes, not 3"):
        xavier_init(np.ones((2, 3, 4)))
