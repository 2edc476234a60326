"""Mixup: train on blends of two images, with labels blended alike.

Source: Zhang, Cisse, Dauphin, Lopez-Paz 2018.
"""

from __future__ import annotations

from reference.arrays import Array, Labels


def mixup(x: Array, y: Array, lam: float, permutation: Labels) -> tuple[Array, Array]:
    """Blend each sample n with its partner m = permutation[n].

    x_mixed[n] = λ x[n] + (1 − λ) x[m];  y_mixed[n] = λ y[n] + (1 − λ) y[m]

    Args:
        x: (N, ...)
        y: (N, K), one-hot labels
        lam: λ in 0..1, the share of the sample itself
        permutation: (N,), the partners

    Returns:
        x_mixed: (N, ...)
        y_mixed: (N, K)
    """
    return lam * x + (1 - lam) * x[permutation], lam * y + (1 - lam) * y[permutation]
