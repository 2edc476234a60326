"""Fresh classification tasks of the published dataset's shape and difficulty, with a secret rule.

Training is repeated on such a task, where memorised tables, stored weights and a bundled dataset
are worth nothing. One of them, with a fixed seed, is the stand-in that is used offline.

What was measured on the published file: inputs close to uniform on [0, 1]; the class is an ordinal
score s = x @ w cut in three places, with a little noise near the cuts (a linear cut reaches 97 %).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grader.assignment import DatasetRule
from grader.dataset.table import format_dataset

# |w| and the class shares fitted to the published file.
_MAGNITUDES = np.array([0.035, 0.067, 0.127, 0.147, 0.251, 0.307, 0.553, 1.0])
_SHARES = np.array([0.28, 0.26, 0.23, 0.23])
# In units of the score's deviation. Gaussian noise of this size leaves a perfect cut 97 %.
_NOISE = 0.035
_STAND_IN_SEED = 4


def ordinal_task(
    rng: np.random.Generator,
    *,
    inputs: int = 8,
    classes: int = 4,
    samples: int = 500,
    noise: float = _NOISE,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A task like the published one, with weights in a random order and of random signs.

    x ~ U[0, 1], rounded to four decimals as in the file; s = x @ w + noise · std(x @ w) · N(0, 1);
    the class is the number of cuts below s, cuts lying at quantiles of s.

    Returns:
        X (samples, inputs), y (samples,) in 0..classes-1, every class present when samples allow.
    """
    X = np.round(rng.random((samples, inputs)), 4)
    w = rng.permutation(_resampled(_MAGNITUDES, inputs)) * rng.choice([-1.0, 1.0], inputs)
    clean = X @ w
    score = clean + noise * clean.std() * rng.standard_normal(samples)
    shares = rng.permutation(_resampled(_SHARES, classes))
    cuts = np.quantile(score, np.cumsum(shares / shares.sum())[:-1])
    return X, np.searchsorted(cuts, score).astype(np.int64)


def stand_in_text(rule: DatasetRule) -> str:
    """The text of ``fixtures/data/standin.txt``: a task of the rule's shape from a fixed seed."""
    X, y = ordinal_task(
        np.random.default_rng(_STAND_IN_SEED),
        inputs=rule.inputs,
        classes=rule.classes,
        samples=rule.train + rule.test,
    )
    return format_dataset(X, y)


def _resampled(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """``count`` values on the polygon through ``values``."""
    return np.interp(np.linspace(0, len(values) - 1, count), np.arange(len(values)), values)
