"""L-BFGS: Newton's direction, with the curvature guessed from the last few steps.

Source: Nocedal, Wright, "Numerical Optimization", algorithm 7.4; course lecture "Optimisation".
"""

from __future__ import annotations

from collections.abc import Sequence

from reference.arrays import Array


def lbfgs_direction(grad: Array, s_history: Sequence[Array], y_history: Sequence[Array]) -> Array:
    """The direction -H grad, where H approximates the inverse Hessian (the two-loop recursion).

    With k_i = 1 / y_iᵀs_i and q = grad: from the newest pair to the oldest, a_i = k_i s_iᵀq and
    q ← q - a_i y_i. Then r = (sᵀy / yᵀy) q with the newest pair; from the oldest to the newest,
    r ← r + s_i (a_i - k_i y_iᵀr). The direction is -r; without history it is -grad.

    Args:
        grad: (D,), the gradient at the current point
        s_history: the last steps x_{i+1} - x_i, each (D,), the oldest first
        y_history: what each step changed in the gradient, each (D,), in the same order; y_iᵀs_i > 0

    Returns:
        direction: (D,)

    Raises:
        ValueError: the histories are not equally long.
    """
    pairs = list(zip(s_history, y_history, strict=True))
    q, alphas = grad, []
    for s, y in reversed(pairs):
        alpha = (s @ q) / (y @ s)
        alphas.append(alpha)
        q = q - alpha * y
    if pairs:
        s, y = pairs[-1]
        q = (s @ y) / (y @ y) * q
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + (alpha - (y @ q) / (y @ s)) * s
    return -q
