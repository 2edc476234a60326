"""The line that a search prints for each trial.

Source: course lecture "Training neural networks", hyperparameter search.
"""

from __future__ import annotations


def trial_line(val_acc: float, lr: float, reg: float, trial: int, trials: int) -> str:
    """For example ``val acc: 0.412000, lr: 1.405206e-04, reg: 4.793564e-01, (1 / 100)``.

    Args:
        val_acc: accuracy on the validation data, 0..1; six digits after the point
        lr: learning rate; in exponent form, six digits
        reg: strength of the penalty; likewise
        trial: number of the trial, from 1
        trials: how many there are
    """
    return f"val acc: {val_acc:f}, lr: {lr:e}, reg: {reg:e}, ({trial} / {trials})"
