"""Ensembles as tables of formulas, and mistakes in them.

mean over the models of softmax(scores);  the most frequent of the models' labels
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _softmax(scores: Any, axis: Any) -> Any:
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


AVERAGE_FORMULAS: Formulas = {
    "p": lambda q: _softmax(q.scores, 2),
    "mean": lambda q: q.p.mean(axis=0),
}
VOTE_FORMULAS: Formulas = {
    "classes": lambda q: np.arange(q.labels.max() + 1),
    "votes": lambda q: (q.labels[:, :, np.newaxis] == q.classes).sum(axis=0),
    "winners": lambda q: q.votes.argmax(axis=1),
}

AVERAGE_ENSEMBLE = Family(
    "average_ensemble",
    AVERAGE_FORMULAS,
    {"average_ensemble": Signature(lambda scores: {"scores": scores}, lambda q: q.mean)},
)
VOTE_ENSEMBLE = Family(
    "vote_ensemble",
    VOTE_FORMULAS,
    {"vote_ensemble": Signature(lambda labels: {"labels": labels}, lambda q: q.winners)},
)

bug = bugs_of(AVERAGE_ENSEMBLE)
vote_bug = bugs_of(VOTE_ENSEMBLE)


def _tied(q: Sheet) -> Any:
    """(N, C): the classes that have most votes."""
    return q.votes == q.votes.max(axis=1, keepdims=True)


def _first_model_s(q: Sheet) -> Any:
    among = np.take_along_axis(_tied(q), q.labels.T, axis=1)
    return np.take_along_axis(q.labels.T, among.argmax(axis=1)[:, np.newaxis], axis=1)[:, 0]


AVERAGE_ENSEMBLE_BUGS = (
    bug(
        "scores_averaged",
        "the scores are averaged before the softmax; it should be the probabilities, after it",
        "can scores of different models be compared?",
        mean=lambda q: _softmax(q.scores.mean(axis=0), 1),
    ),
    bug(
        "no_softmax",
        "the scores are averaged and no probabilities made of them; the softmax of each model "
        "comes first",
        "what should the rows of the result sum to?",
        p=lambda q: q.scores,
    ),
    bug(
        "softmax_after_average",
        "a softmax is taken of the averaged probabilities once more; they sum to 1 already",
        "what should an ensemble of one model answer?",
        mean=lambda q: _softmax(q.p.mean(axis=0), 1),
    ),
    bug(
        "softmax_over_models",
        "the softmax is over the models; it should be over the classes",
        "which probabilities sum to 1?",
        p=lambda q: _softmax(q.scores, 0),
    ),
    bug(
        "softmax_over_samples",
        "the softmax is over the samples; it should be over the classes",
        "which probabilities sum to 1?",
        p=lambda q: _softmax(q.scores, 1),
    ),
    bug(
        "softmax_over_everything",
        "the softmax is over all scores of a model; it should be over the classes of each sample",
        "which probabilities sum to 1?",
        p=lambda q: _softmax(q.scores, (1, 2)),
    ),
    bug(
        "probabilities_summed",
        "the probabilities are summed over the models; it should be their mean",
        "what should the rows of the result sum to?",
        mean=lambda q: q.p.sum(axis=0),
    ),
    bug(
        "probabilities_multiplied",
        "the probabilities are multiplied over the models; it should be their mean",
        "may one model that is sure outvote all others?",
        mean=lambda q: q.p.prod(axis=0),
    ),
    bug(
        "largest_probability",
        "the largest probability of each class over the models is taken; it should be the mean",
        "what should the rows of the result sum to?",
        mean=lambda q: q.p.max(axis=0),
    ),
    bug(
        "median_probability",
        "the median over the models is taken; it should be the mean",
        "what should the rows of the result sum to?",
        mean=lambda q: np.median(q.p, axis=0),
    ),
    bug(
        "first_model_only",
        "only the first model is asked; it should be all of them",
        "does your result depend on the second model?",
        mean=lambda q: q.p[0],
    ),
    bug(
        "last_model_only",
        "only the last model counts, each one overwriting those before; it should be the mean of "
        "all",
        "does your result depend on the first model?",
        mean=lambda q: q.p[-1],
    ),
    bug(
        "mean_over_samples",
        "the mean is over the samples; it should be over the models",
        "along which axis do the models lie?",
        mean=lambda q: q.p.mean(axis=1),
    ),
    bug(
        "share_of_votes",
        "each model gives all of its weight to one class; it should be its probabilities that are "
        "averaged",
        "this is the other ensemble",
        mean=lambda q: np.eye(q.p.shape[2])[q.p.argmax(axis=2)].mean(axis=0),
    ),
    bug(
        "labels_returned",
        "the most probable classes are returned; it should be the probabilities",
        "compare the shape with the one that is documented",
        mean=lambda q: q.p.mean(axis=0).argmax(axis=1),
    ),
)

VOTE_ENSEMBLE_BUGS = (
    vote_bug(
        "tie_to_largest_label",
        "on a tie the largest label wins; it should be the smallest",
        "which of several largest counts does your search find?",
        winners=lambda q: q.classes[-1] - _tied(q)[:, ::-1].argmax(axis=1),
    ),
    vote_bug(
        "tie_to_first_model",
        "on a tie the label wins that the earlier model chose; it should be the smallest label",
        "compare with what is documented on ties",
        winners=_first_model_s,
    ),
    vote_bug(
        "mean_of_labels",
        "the mean of the labels is rounded; the models should vote",
        "what is between a cat (0) and a ship (2)?",
        winners=lambda q: np.rint(q.labels.mean(axis=0)).astype(int),
    ),
    vote_bug(
        "mean_of_labels_cut_off",
        "the mean of the labels is cut off to a whole number; the models should vote",
        "what is between a cat (0) and a ship (2)?",
        winners=lambda q: q.labels.mean(axis=0).astype(int),
    ),
    vote_bug(
        "median_of_labels",
        "the median of the labels is taken; the models should vote",
        "what is between a cat (0) and a ship (2)?",
        winners=lambda q: np.sort(q.labels, axis=0)[len(q.labels) // 2],
    ),
    vote_bug(
        "votes_over_samples",
        "the votes are counted over the samples, so each model gets a label; it should be each "
        "sample",
        "along which axis do the models lie?",
        winners=lambda q: (q.labels[:, :, np.newaxis] == q.classes).sum(axis=1).argmax(axis=1),
    ),
    vote_bug(
        "least_frequent",
        "the label with the fewest votes wins; it should be the one with the most",
        "which label has most votes?",
        winners=lambda q: q.votes.argmin(axis=1),
    ),
    vote_bug(
        "number_of_votes",
        "the number of votes is returned; it should be the label that has them",
        "max gives the value, argmax the place",
        winners=lambda q: q.votes.max(axis=1),
    ),
    vote_bug(
        "first_model_only",
        "the first model decides alone; all should vote",
        "does your result depend on the second model?",
        winners=lambda q: q.labels[0],
    ),
    vote_bug(
        "last_model_only",
        "the last model decides alone; all should vote",
        "does your result depend on the first model?",
        winners=lambda q: q.labels[-1],
    ),
    vote_bug(
        "smallest_label",
        "the smallest label is taken; it should be the most frequent",
        "which label has most votes?",
        winners=lambda q: q.labels.min(axis=0),
    ),
    vote_bug(
        "table_of_votes",
        "the numbers of votes of all classes are returned; it should be the label with the most",
        "one whole number for each sample is wanted",
        winners=lambda q: q.votes,
    ),
)
