"""The L2 penalty of a net with any number of weight matrices, and mistakes in it.

The formulas read ``weights`` and ``biases``, tuples of arrays, ``strength``, ``data_loss``, and
``dweights_data`` and ``dbiases_data``, tuples of gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from reference.bugs.bug import Bug
from reference.bugs.sheet import Formulas, Sheet


def _nothing(_: Sheet) -> float:
    return 0.0


def _squares(arrays: tuple[Any, ...]) -> Any:
    return sum((array**2).sum() for array in arrays)


def _sums(data: tuple[Any, ...], penalties: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(d + p for d, p in zip(data, penalties, strict=True))


PENALTY_FORMULAS: Formulas = {
    "l2": lambda _: 0.5,
    "squares": lambda q: _squares(q.weights),
    "squares_of_biases": _nothing,
    "penalty": lambda q: q.l2 * q.strength * (q.squares + q.squares_of_biases),
    "dpenalties": lambda q: tuple(2 * q.l2 * q.strength * w for w in q.weights),
    "dpenalties_of_biases": lambda q: tuple(np.zeros_like(b) for b in q.biases),
    "loss": lambda q: q.data_loss + q.penalty,
    "dweights": lambda q: _sums(q.dweights_data, q.dpenalties),
    "dbiases": lambda q: _sums(q.dbiases_data, q.dpenalties_of_biases),
}
WHOLE: Formulas = {"l2": lambda _: 1.0}
"""What is another one where the penalty is not halved."""
_LOSS_ON_BIASES: Final[Formulas] = {"squares_of_biases": lambda q: _squares(q.biases)}
_GRADIENT_ON_BIASES: Final[Formulas] = {
    "dpenalties_of_biases": lambda q: tuple(2 * q.l2 * q.strength * b for b in q.biases)
}
ON_BIASES: Formulas = {**_LOSS_ON_BIASES, **_GRADIENT_ON_BIASES}
"""What is another one where biases are penalised, too."""


def penalty_bugs(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """Mistakes in the penalty, all invisible without regularisation; ``bug`` is a table's word."""
    return (
        *_unequal(bug),
        *_incomplete(bug),
        *_divided(bug),
        *_otherwise(bug),
    )


def _unequal(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    return (
        bug(
            "l2_missing",
            "the L2 penalty is missing, in the loss and in the gradients",
            "where does your code use reg?",
            penalty=_nothing,
            dpenalties=lambda q: tuple(np.zeros_like(w) for w in q.weights),
        ),
        bug(
            "l2_missing_in_loss",
            "the L2 penalty is missing in the loss; its gradient is there",
            "does your loss depend on reg?",
            penalty=_nothing,
        ),
        bug(
            "l2_missing_in_gradient",
            "the gradient of the L2 penalty is missing; the loss has the penalty",
            "differentiate every term of the loss",
            dpenalties=lambda q: tuple(np.zeros_like(w) for w in q.weights),
        ),
        bug(
            "l2_loss_half",
            "the penalty in the loss is half of the one whose gradient you add; the two do not "
            "belong together",
            "differentiate the term you added to the loss, factor included",
            penalty=lambda q: PENALTY_FORMULAS["penalty"](q) / 2,
        ),
        bug(
            "l2_loss_doubled",
            "the penalty in the loss is twice the one whose gradient you add; the two do not "
            "belong together",
            "differentiate the term you added to the loss, factor included",
            penalty=lambda q: 2 * PENALTY_FORMULAS["penalty"](q),
        ),
        bug(
            "l2_gradient_half",
            "the gradient of the penalty is half of what belongs to the penalty in the loss",
            "differentiate the term you added to the loss, factor included",
            dpenalties=lambda q: tuple(q.l2 * q.strength * w for w in q.weights),
        ),
        bug(
            "l2_loss_on_biases",
            "the biases are penalised in the loss and not in the gradient",
            "differentiate every term of the loss, by every parameter that is in it",
            **_LOSS_ON_BIASES,
        ),
        bug(
            "l2_gradient_on_biases",
            "the gradients of the biases have a penalty's term; the loss penalises only the "
            "weights",
            "which parameters are in the penalty of your loss?",
            **_GRADIENT_ON_BIASES,
        ),
    )


def _incomplete(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    return (
        bug(
            "l2_not_on_last",
            "the weights of the last layer are not penalised; those of all layers should be",
            "where does your loop over the layers end?",
            squares=lambda q: _squares(q.weights[:-1]),
            dpenalties=lambda q: (*_usual(q)[:-1], np.zeros_like(q.weights[-1])),
        ),
        bug(
            "l2_loss_without_last",
            "the loss does not penalise the weights of the last layer; their gradient has the "
            "penalty",
            "where does your loop over the layers end?",
            squares=lambda q: _squares(q.weights[:-1]),
        ),
        bug(
            "l2_gradient_without_last",
            "the gradient of the last layer's weights lacks the penalty; the loss has it",
            "where does your loop over the layers end?",
            dpenalties=lambda q: (*_usual(q)[:-1], np.zeros_like(q.weights[-1])),
        ),
        bug(
            "l2_not_on_first",
            "the weights of the first layer are not penalised; those of all layers should be",
            "where does your loop over the layers begin?",
            squares=lambda q: _squares(q.weights[1:]),
            dpenalties=lambda q: (np.zeros_like(q.weights[0]), *_usual(q)[1:]),
        ),
        bug(
            "l2_loss_without_first",
            "the loss does not penalise the weights of the first layer; their gradient has the "
            "penalty",
            "where does your loop over the layers begin?",
            squares=lambda q: _squares(q.weights[1:]),
        ),
        bug(
            "l2_gradient_without_first",
            "the gradient of the first layer's weights lacks the penalty; the loss has it",
            "where does your loop over the layers begin?",
            dpenalties=lambda q: (np.zeros_like(q.weights[0]), *_usual(q)[1:]),
        ),
        bug(
            "l2_only_last",
            "only the weights of the last layer are penalised; those of all layers should be",
            "is each layer's penalty added, or does it stand outside the loop?",
            squares=lambda q: _squares(q.weights[-1:]),
            dpenalties=lambda q: (*(np.zeros_like(w) for w in q.weights[:-1]), _usual(q)[-1]),
        ),
        bug(
            "l2_loss_of_last_only",
            "the loss has the penalty of the last layer alone; those of all layers should be added",
            "is each layer's penalty added, or does it replace the one before?",
            squares=lambda q: _squares(q.weights[-1:]),
        ),
        bug(
            "l2_loss_of_first_only",
            "the loss has the penalty of the first layer alone; those of all layers should be "
            "added",
            "is each layer's penalty added, or does it replace the one before?",
            squares=lambda q: _squares(q.weights[:1]),
        ),
    )


def _divided(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    return (
        bug(
            "l2_divided_by_N",
            "the penalty is divided by N, in the loss and in the gradients; only the data's part "
            "is a mean over the batch",
            "should the penalty depend on the size of the batch?",
            penalty=lambda q: PENALTY_FORMULAS["penalty"](q) / q.N,
            dpenalties=lambda q: tuple(each / q.N for each in _usual(q)),
        ),
        bug(
            "l2_loss_divided_by_N",
            "the penalty is divided by N in the loss; only the data's part is a mean over the "
            "batch",
            "should the penalty depend on the size of the batch?",
            penalty=lambda q: PENALTY_FORMULAS["penalty"](q) / q.N,
        ),
        bug(
            "l2_gradient_divided_by_N",
            "the gradient of the penalty is divided by N; only the data's part is a mean over the "
            "batch",
            "should the penalty depend on the size of the batch?",
            dpenalties=lambda q: tuple(each / q.N for each in _usual(q)),
        ),
    )


def _otherwise(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    return (
        bug(
            "l2_not_squared",
            "the penalty is made of the sums of the weights; it should be of those of their "
            "squares",
            "can your penalty be negative?",
            squares=lambda q: sum(w.sum() for w in q.weights),
        ),
        bug(
            "l2_square_root",
            "the penalty is made of the norms of the weights, with their square roots; it should "
            "be of the sums of squares",
            "what does norm return?",
            squares=lambda q: sum(np.sqrt((w**2).sum()) for w in q.weights),
        ),
        bug(
            "l2_mean",
            "the penalty has the means of the squared weights; it should have their sums",
            "should the penalty of a larger net be larger?",
            squares=lambda q: sum((w**2).mean() for w in q.weights),
        ),
        bug(
            "l2_gradient_summed",
            "the same number, made of the sum of a layer's weights, is added to every entry of "
            "the gradient; each entry has its own weight's share",
            "differentiate the penalty with respect to a single weight",
            dpenalties=lambda q: tuple(np.full_like(each, each.sum()) for each in _usual(q)),
        ),
        bug(
            "l2_gradient_replaces",
            "the gradient of the penalty replaces that of the data; it should be added to it",
            "is the new value added to what is there, or put in its place?",
            dweights=lambda q: q.dpenalties,
        ),
        bug(
            "l2_gradient_subtracted",
            "the gradient of the penalty is subtracted; the loss adds the penalty, so its "
            "gradient is added, too",
            "which sign has the penalty in the loss?",
            dpenalties=lambda q: tuple(-each for each in _usual(q)),
        ),
    )


def _usual(q: Sheet) -> tuple[Any, ...]:
    penalties: tuple[Any, ...] = PENALTY_FORMULAS["dpenalties"](q)
    return penalties
