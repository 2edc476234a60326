"""Minibatch training of linear classifiers as a table of formulas, and mistakes in it.

W ← W - learning_rate dW, for every batch
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.classifiers.linear import LINEAR
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _walk(q: Sheet) -> tuple[list[Any], Any, list[Any]]:
    path, losses, gradients = [q.W], [], []
    for t in range(len(q.batches)):
        value, dW = q.looked(q.where(path), t)
        losses.append(value)
        gradients.append(dW)
        path.append(q.stepped(path[-1], dW, t))
    return path, np.array(losses), gradients


TRAINING_FORMULAS: Formulas = {
    "l2": lambda _: 1,  # a half in courses that halve the penalty
    "functions": lambda q: LINEAR.functions({"l2": lambda _: q.l2}),
    # At one place each, as functions of the weights and of the step: (loss, gradient).
    "loss": lambda q: q.functions[q.name],
    "samples": lambda q: lambda t: q.batches[t],
    "labels": lambda q: lambda t: q.y[q.samples(t)],
    "strength": lambda q: q.reg,
    "looked": lambda q: lambda W, t: q.loss(W, q.X[q.samples(t)], q.labels(t), q.strength),
    "rate": lambda q: lambda _t: q.learning_rate,
    "where": lambda _: lambda path: path[-1],
    "stepped": lambda q: lambda W, dW, t: W - q.rate(t) * dW,
    "walk": _walk,
    "path": lambda q: q.walk[0],  # the weights before each step, and after the last
    "gradients": lambda q: q.walk[2],
    "losses": lambda q: q.walk[1],
    "final": lambda q: q.path[-1],
}


def _training(name: str) -> Signature:
    def given(W: Any, X: Any, y: Any, batches: Any, learning_rate: float, reg: float) -> Any:
        return {
            "name": name,
            "W": W,
            "X": X,
            "y": y,
            "batches": batches,
            "learning_rate": learning_rate,
            "reg": reg,
        }

    return Signature(given, lambda q: (q.final, q.losses))


LINEAR_TRAINING = Family(
    "linear_training",
    TRAINING_FORMULAS,
    {
        "train_linear_softmax": _training("linear_softmax_loss"),
        "train_linear_svm": _training("linear_svm_loss"),
    },
)

bug = bugs_of(LINEAR_TRAINING)


def _whole(q: Sheet) -> Any:
    return np.arange(len(q.X))


def _accumulated(q: Sheet) -> Any:
    total: list[Any] = [0.0]

    def stepped(W: Any, dW: Any, t: int) -> Any:
        total[0] = total[0] + dW
        return W - q.rate(t) * total[0]

    return stepped


LINEAR_TRAINING_BUGS = (
    bug(
        "batches_ignored",
        "every step looks at all samples; it should look at those of its batch",
        "does your result depend on the batches?",
        samples=lambda q: lambda _t: _whole(q),
    ),
    bug(
        "first_batch_always",
        "every step looks at the first batch; each has its own",
        "which row of the batches belongs to step t?",
        samples=lambda q: lambda _t: q.batches[0],
    ),
    bug(
        "labels_of_other_samples",
        "the labels are the first ones of the data; they should be those of the batch's samples",
        "are images and labels of a batch indexed alike?",
        labels=lambda q: lambda t: q.y[: len(q.batches[t])],
    ),
    bug(
        "ascent",
        "the gradient is added to the weights, so the loss rises; it should be subtracted",
        "in which direction does a gradient point?",
        stepped=lambda q: lambda W, dW, t: W + q.rate(t) * dW,
    ),
    bug(
        "learning_rate_missing",
        "the whole gradient is subtracted; it should be learning_rate times the gradient",
        "does your result depend on the learning rate?",
        rate=lambda _: lambda _t: 1,
    ),
    bug(
        "divided_by_batch_again",
        "the step is divided by the size of the batch; the gradient is a mean already",
        "where was the mean taken?",
        rate=lambda q: lambda t: q.learning_rate / len(q.batches[t]),
    ),
    bug(
        "multiplied_by_batch",
        "the step is multiplied by the size of the batch; the gradient should be a mean",
        "should a larger batch make larger steps?",
        rate=lambda q: lambda t: q.learning_rate * len(q.batches[t]),
    ),
    bug(
        "no_regularisation",
        "reg is not passed on, so the weights are not held small; it belongs to the loss",
        "does your result depend on reg?",
        strength=lambda _: 0.0,
    ),
    bug(
        "gradient_at_the_start",
        "every step takes the gradient at the first weights; it should be at the current ones",
        "which weights does your loss see in the second step?",
        where=lambda _: lambda path: path[0],
    ),
    bug(
        "gradients_accumulated",
        "every step subtracts the sum of all gradients so far; it should be its own only",
        "is the gradient set back for a new step?",
        stepped=_accumulated,
    ),
    bug(
        "losses_after_the_step",
        "the losses are those after each step; they should be those before it",
        "which loss comes with the gradient?",
        losses=lambda q: np.array([q.looked(W, t)[0] for t, W in enumerate(q.path[1:])]),
    ),
    bug(
        "losses_of_all_samples",
        "the losses are those of all samples; they should be those of each batch",
        "which loss comes with the gradient?",
        losses=lambda q: np.array([q.loss(W, q.X, q.y, q.strength)[0] for W in q.path[:-1]]),
    ),
    bug(
        "losses_without_penalty",
        "the losses are without the penalty; they should be the whole loss",
        "what is minimised?",
        losses=lambda q: np.array(
            [q.loss(W, q.X[q.samples(t)], q.labels(t), 0.0)[0] for t, W in enumerate(q.path[:-1])]
        ),
    ),
    bug(
        "last_step_lost",
        "the weights before the last step are returned; it should be those after it",
        "how many steps are there?",
        final=lambda q: q.path[-2],
    ),
    bug(
        "first_weights_returned",
        "the weights are returned as they came; they should be those after all steps",
        "which variable is updated?",
        final=lambda q: q.W,
    ),
    bug(
        "mean_of_weights",
        "the mean of the weights over all steps is returned; it should be the last ones",
        "compare with what is documented",
        final=lambda q: sum(q.path[1:]) / len(q.batches),
    ),
    bug(
        "learning_rate_decays",
        "the learning rate falls with the steps; here it should stay the same",
        "compare with what is documented",
        rate=lambda q: lambda t: q.learning_rate / (t + 1),
    ),
)
