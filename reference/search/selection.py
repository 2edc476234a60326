"""Which trial is best: validation data decides, test data is looked at once.

Source: course lecture "Image classification", setting hyperparameters.
"""

from __future__ import annotations

from reference.arrays import Array


def best_trial(train_acc: Array, val_acc: Array, test_acc: Array) -> tuple[int, float]:
    """The trial with the largest validation accuracy (the first of them), and its test accuracy.

    Args:
        train_acc: (T,), has no say
        val_acc: (T,), decides
        test_acc: (T,), has no say; that of the chosen trial is reported

    Returns:
        trial: its index
        accuracy: on the test data
    """
    del train_acc
    trial = int(val_acc.argmax())
    return trial, float(test_acc[trial])
