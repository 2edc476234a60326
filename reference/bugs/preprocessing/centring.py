"""Centring and normalising as tables of formulas, and mistakes in them.

train = X_train - mean,  test = X_test - mean;  normalised: both divided by the deviation
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

CENTRING_FORMULAS: Formulas = {
    "mean": lambda q: q.X_train.mean(axis=0),
    "test_mean": lambda q: q.mean,
    "train": lambda q: q.X_train - q.mean,
    "test": lambda q: q.X_test - q.test_mean,
}

NORMALISE_FORMULAS: Formulas = {
    "ddof": lambda _: 0,  # what is subtracted from N in the variance
    "mean": lambda q: q.X_train.mean(axis=0),
    "deviation": lambda q: q.X_train.std(axis=0, ddof=q.ddof),
    "scale": lambda q: np.where(q.deviation == 0, 1, q.deviation),
    "test_mean": lambda q: q.mean,
    "test_scale": lambda q: q.scale,
    "train": lambda q: (q.X_train - q.mean) / q.scale,
    "test": lambda q: (q.X_test - q.test_mean) / q.test_scale,
}


def _given(X_train: Any, X_test: Any) -> dict[str, Any]:
    return {"X_train": X_train, "X_test": X_test}


def _both(q: Sheet) -> tuple[Any, Any]:
    return q.train, q.test


ZERO_CENTRE = Family("zero_centre", CENTRING_FORMULAS, {"zero_centre": Signature(_given, _both)})
NORMALISE = Family("normalise", NORMALISE_FORMULAS, {"normalise": Signature(_given, _both)})

bug = bugs_of(ZERO_CENTRE)
scale_bug = bugs_of(NORMALISE)


def _together(q: Sheet) -> Any:
    return np.concatenate([q.X_train, q.X_test])


def _guarded(deviation: Any) -> Any:
    return np.where(deviation == 0, 1, deviation)


ZERO_CENTRE_BUGS = (
    bug(
        "test_by_own_mean",
        "the test data is centred by its own mean; it should be by the training data's",
        "what may a model know of the test data?",
        test_mean=lambda q: q.X_test.mean(axis=0),
    ),
    bug(
        "test_not_centred",
        "the test data is left as it is; the training data's mean should be subtracted from it",
        "test data must be seen in the same coordinates as training data",
        test=lambda q: q.X_test,
    ),
    bug(
        "mean_of_both",
        "the mean is that of training and test data together; it should be the training data's",
        "what may a model know of the test data?",
        mean=lambda q: _together(q).mean(axis=0),
    ),
    bug(
        "one_mean_for_all_features",
        "one mean over all numbers is subtracted; each feature has its own",
        "a mean without an axis is that of the whole array",
        mean=lambda q: q.X_train.mean(),
    ),
    bug(
        "mean_of_each_sample",
        "each sample's mean over its features is subtracted; it should be each feature's mean "
        "over the samples",
        "along which axis do the samples lie?",
        mean=lambda q: q.X_train.mean(axis=1, keepdims=True),
        test_mean=lambda q: q.X_test.mean(axis=1, keepdims=True),
    ),
    bug(
        "mean_added",
        "the mean is added; it should be subtracted",
        "what is the mean of the result?",
        train=lambda q: q.X_train + q.mean,
        test=lambda q: q.X_test + q.test_mean,
    ),
    bug(
        "median",
        "the median of each feature is subtracted; it should be the mean",
        "what is the mean of the result?",
        mean=lambda q: np.median(q.X_train, axis=0),
    ),
    bug(
        "normalised_as_well",
        "the features are divided by their deviations, too; centring only moves them",
        "this is the next step, which has a function of its own",
        train=lambda q: (q.X_train - q.mean) / _guarded(q.X_train.std(axis=0)),
        test=lambda q: (q.X_test - q.test_mean) / _guarded(q.X_train.std(axis=0)),
    ),
)

NORMALISE_BUGS = (
    scale_bug(
        "test_by_own_statistics",
        "the test data is normalised by its own mean and deviation; it should be by the training "
        "data's",
        "what may a model know of the test data?",
        test_mean=lambda q: q.X_test.mean(axis=0),
        test_scale=lambda q: _guarded(q.X_test.std(axis=0, ddof=q.ddof)),
    ),
    scale_bug(
        "test_by_own_mean",
        "the test data is centred by its own mean; it should be by the training data's",
        "both statistics are learnt from the training data",
        test_mean=lambda q: q.X_test.mean(axis=0),
    ),
    scale_bug(
        "test_by_own_deviation",
        "the test data is divided by its own deviation; it should be by the training data's",
        "both statistics are learnt from the training data",
        test_scale=lambda q: _guarded(q.X_test.std(axis=0, ddof=q.ddof)),
    ),
    scale_bug(
        "test_not_normalised",
        "the test data is left as it is; it should be normalised by the training data's mean and "
        "deviation",
        "test data must be seen in the same coordinates as training data",
        test=lambda q: q.X_test,
    ),
    scale_bug(
        "statistics_of_both",
        "mean and deviation are those of training and test data together; they should be the "
        "training data's",
        "what may a model know of the test data?",
        mean=lambda q: _together(q).mean(axis=0),
        deviation=lambda q: _together(q).std(axis=0, ddof=q.ddof),
    ),
    scale_bug(
        "not_centred",
        "the features are divided by their deviations only; their means should be subtracted first",
        "what is the mean of the result?",
        train=lambda q: q.X_train / q.scale,
        test=lambda q: q.X_test / q.test_scale,
    ),
    scale_bug(
        "centred_after_dividing",
        "the mean is subtracted after the division by the deviation; it should be before",
        "in which units is the mean?",
        train=lambda q: q.X_train / q.scale - q.mean,
        test=lambda q: q.X_test / q.test_scale - q.test_mean,
    ),
    scale_bug(
        "only_centred",
        "the means are subtracted only; the features should be divided by their deviations, too",
        "what is the deviation of the result?",
        scale=lambda _: 1,
    ),
    scale_bug(
        "divided_by_variance",
        "the features are divided by their variances; it should be by their standard deviations",
        "in which units is a variance?",
        deviation=lambda q: q.X_train.var(axis=0, ddof=q.ddof),
    ),
    scale_bug(
        "multiplied",
        "the features are multiplied by their deviations; they should be divided by them",
        "what is the deviation of the result?",
        train=lambda q: (q.X_train - q.mean) * q.scale,
        test=lambda q: (q.X_test - q.test_mean) * q.test_scale,
    ),
    scale_bug(
        "root_mean_square",
        "the features are divided by the root of their mean square; it should be by the deviation "
        "from their mean",
        "how large is the deviation of a feature that is always near 100?",
        deviation=lambda q: np.sqrt((q.X_train**2).mean(axis=0)),
    ),
    scale_bug(
        "one_mean_and_deviation",
        "one mean and one deviation over all numbers are used; each feature has its own",
        "statistics without an axis are those of the whole array",
        mean=lambda q: q.X_train.mean(),
        deviation=lambda q: q.X_train.std(ddof=q.ddof),
    ),
    scale_bug(
        "one_deviation",
        "one deviation over all numbers is used; each feature has its own",
        "a deviation without an axis is that of the whole array",
        deviation=lambda q: q.X_train.std(ddof=q.ddof),
    ),
    scale_bug(
        "each_sample",
        "each sample is normalised by its own mean and deviation; it should be each feature, over "
        "the samples",
        "along which axis do the samples lie?",
        mean=lambda q: q.X_train.mean(axis=1, keepdims=True),
        deviation=lambda q: q.X_train.std(axis=1, keepdims=True, ddof=q.ddof),
        test_mean=lambda q: q.X_test.mean(axis=1, keepdims=True),
        test_scale=lambda q: q.X_test.std(axis=1, keepdims=True, ddof=q.ddof),
    ),
    scale_bug(
        "constant_feature_is_nan",
        "a feature that is constant becomes NaN; it should become 0",
        "how large is the deviation of a constant feature, and what do you divide by?",
        scale=lambda q: q.deviation,
    ),
    scale_bug(
        "divided_by_range",
        "the features are divided by their ranges; it should be by their standard deviations",
        "largest minus smallest is another measure of spread",
        deviation=lambda q: np.ptp(q.X_train, axis=0),
    ),
    scale_bug(
        "scaled_to_unit_interval",
        "the features are moved and scaled to 0..1; they should have mean 0 and deviation 1",
        "minimum and maximum are other statistics",
        mean=lambda q: q.X_train.min(axis=0),
        deviation=lambda q: np.ptp(q.X_train, axis=0),
    ),
)
