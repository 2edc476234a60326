"""Mistakes in turning scores into classes."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.two_layer.formulas import TWO_LAYER

bug = bugs_of(TWO_LAYER, "predict")

PREDICT_BUGS = (
    bug(
        "labels_from_one",
        "predict counts the classes from 1; they are 0..C-1",
        "the file of the data counts from 1, the labels y do not",
        labels=lambda q: q.scores.argmax(axis=1) + 1,
    ),
    bug(
        "predict_over_samples",
        "predict takes the largest score of each class over the samples; it should take the "
        "largest of each sample over the classes",
        "along which axis do the classes lie?",
        labels=lambda q: q.scores.argmax(axis=0),
    ),
    bug(
        "predict_over_everything",
        "predict returns a single number, where the largest of all scores stands; it should "
        "return a class for each sample",
        "argmax without an axis looks at the flattened array",
        labels=lambda q: q.scores.argmax(),
    ),
    bug(
        "predict_lowest",
        "predict chooses the class with the lowest score; it should be the highest",
        "which class has the largest probability?",
        labels=lambda q: q.scores.argmin(axis=1),
    ),
    bug(
        "predict_from_hidden",
        "predict chooses the largest hidden unit; it should choose the largest score",
        "which layer has one value per class?",
        labels=lambda q: q.h.argmax(axis=1),
    ),
    bug(
        "predict_returns_scores",
        "predict returns the scores; it should return the class with the largest one",
        "one whole number per sample is wanted",
        labels=lambda q: q.scores,
    ),
    bug(
        "predict_returns_probabilities",
        "predict returns probabilities; it should return the class with the largest one",
        "one whole number per sample is wanted",
        labels=lambda q: q.p,
    ),
    bug(
        "predict_returns_largest",
        "predict returns the largest score of each sample; it should return where it stands",
        "max gives the value, argmax the place",
        labels=lambda q: q.scores.max(axis=1),
    ),
    bug(
        "predict_one_hot",
        "predict returns one-hot rows; it should return the classes as whole numbers",
        "one whole number per sample is wanted",
        labels=lambda q: np.eye(q.C)[q.scores.argmax(axis=1)],
    ),
)
