"""Learning rate schedules: the rate at a given time of the training."""

import numpy as np


def step_decay(rate, epoch, factor, every):
    """Multiply the rate with factor once every so many epochs.

    Args:
        rate: of the first epochs.
        epoch: a whole number, 0, 1, 2, ... With every = 3, the rate is a new one from epoch 3 on.
        factor: a number below 1.
        every: a whole number.

    Returns:
        the rate of this epoch, a number.
    """
    raise NotImplementedError("write step_decay")


def googlenet_decay(rate, epoch):
    """GoogLeNet's schedule: the rate falls by 4 % every 8 epochs.

    Args:
        rate: of the first epochs.
        epoch: a whole number, 0, 1, 2, ...

    Returns:
        the rate of this epoch, a number.
    """
    raise NotImplementedError("write googlenet_decay")


def plateau_decay(rate, losses, factor, patience):
    """Multiply the rate with factor whenever the loss has stopped falling.

    Go through the losses. When patience epochs in a row have brought no loss that is lower than the
    lowest one so far, the rate is multiplied with factor, and epochs are counted anew; the lowest
    loss stays what it is.

    Args:
        rate: of the first epoch.
        losses: (T,), one for each epoch so far.
        factor: a number below 1.
        patience: a whole number, at least 1.

    Returns:
        the rate of the next epoch, a number.
    """
    raise NotImplementedError("write plateau_decay")


def cosine_decay(rate, epoch, epochs):
    """Follow half a wave of a cosine: rate * (1 + cos(pi * epoch / epochs)) / 2.

    Args:
        rate: of epoch 0.
        epoch: a whole number, 0 to epochs.
        epochs: a whole number; in that epoch the rate is 0.

    Returns:
        the rate of this epoch, a number.
    """
    raise NotImplementedError("write cosine_decay")


def linear_decay(rate, epoch, epochs):
    """Follow a straight line down to 0: rate * (1 - epoch / epochs).

    Args:
        rate: of epoch 0.
        epoch: a whole number, 0 to epochs.
        epochs: a whole number; in that epoch the rate is 0.

    Returns:
        the rate of this epoch, a number.
    """
    raise NotImplementedError("write linear_decay")


def inverse_sqrt_decay(rate, step):
    """Divide the rate by the square root of the step.

    Args:
        rate: of step 1.
        step: a whole number, 1, 2, 3, ...

    Returns:
        the rate of this step, a number.
    """
    raise NotImplementedError("write inverse_sqrt_decay")


def linear_warmup(rate, step, warmup):
    """Rise in a straight line from 0 in step 0 to the rate in step warmup, and stay there.

    Args:
        rate: to be reached.
        step: a whole number, 0, 1, 2, ...
        warmup: a whole number, the step in which the rate is reached.

    Returns:
        the rate of this step, a number.
    """
    raise NotImplementedError("write linear_warmup")
