"""Step on plateau: the rate falls when the loss has stopped falling.

Source: course lecture "CNN architectures": AlexNet's rate was divided by 10 by hand when the
validation accuracy stopped improving, ResNet's likewise.
"""

from __future__ import annotations

from reference.arrays import Array


def plateau_decay(rate: float, losses: Array, factor: float, patience: int) -> float:
    """The rate after all these epochs: multiplied by factor at the end of each plateau.

    A plateau ends when ``patience`` epochs in a row brought no loss below the lowest one so far.
    The rate is then changed, and epochs are counted anew; the lowest loss stays what it is.

    Args:
        rate: of the first epoch
        losses: (T,), one an epoch, the first epoch first
        factor: by which the rate changes, 0 to 1
        patience: in epochs, at least 1

    Returns:
        the rate of the next epoch
    """
    lowest, waited = float("inf"), 0
    for loss in losses:
        if loss < lowest:
            lowest, waited = float(loss), 0
        else:
            waited += 1
        if waited == patience:
            rate, waited = rate * factor, 0
    return float(rate)
