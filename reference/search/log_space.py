"""Random numbers on a logarithmic scale: learning rates and penalties differ by factors.

Source: course lecture "Training neural networks", hyperparameter search; Bergstra, Bengio 2012.
"""

from __future__ import annotations

from reference.arrays import Array


def sample_log_uniform(u: Array, low: float, high: float) -> Array:
    """Powers of ten with uniform exponents: 10^(low + u (high − low)).

    Args:
        u: any shape, uniform in 0..1
        low: the least exponent: −6 for 10⁻⁶
        high: the largest exponent

    Returns:
        samples: the shape of u, from 10^low to 10^high
    """
    samples: Array = 10 ** (low + u * (high - low))
    return samples
