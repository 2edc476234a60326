"""Step decay: the rate falls by a factor every few epochs.

Source: course lecture "Training neural networks"; Szegedy et al. 2014, section 6 (GoogLeNet).
"""

from __future__ import annotations


def step_decay(rate: float, epoch: int, factor: float, every: int) -> float:
    """The rate times factor ** ⌊epoch / every⌋.

    Args:
        rate: of the first epoch
        epoch: 0, 1, 2, ...
        factor: by which it changes, 0 to 1
        every: after so many epochs, at least 1

    Returns:
        the rate of this epoch
    """
    return float(rate * factor ** (epoch // every))


def googlenet_decay(rate: float, epoch: int) -> float:
    """GoogLeNet's: 4 % less every 8 epochs, rate × 0.96 ** ⌊epoch / 8⌋.

    Args:
        rate: of the first epoch
        epoch: 0, 1, 2, ...

    Returns:
        the rate of this epoch
    """
    return step_decay(rate, epoch, factor=0.96, every=8)
