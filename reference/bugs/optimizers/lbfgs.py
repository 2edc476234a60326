"""The two-loop recursion of L-BFGS as a table of formulas, and the mistakes in it.

The first loop turns grad into ``behind`` and remembers an alpha a pair, the second one turns the
scaled ``behind`` into ``ahead``; the direction is minus that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]


def _first_loop(q: Sheet) -> tuple[Array, dict[int, float]]:
    vector, alphas = q.grad, {}
    for i in q.first_order:
        s, y = q.pairs[i]
        seen = vector if q.vector_updated else q.grad
        alphas[i] = q.alpha(s, y, seen)
        vector = vector - alphas[i] * q.taken_away(s, y)
    return vector, alphas


def _second_loop(q: Sheet) -> Array:
    vector: Array = q.scaled
    for i in q.second_order:
        s, y = q.pairs[i]
        vector = vector + s * q.put_back(q.first_loop[1][i], q.beta(s, y, vector))
    return vector


FORMULAS: Formulas = {
    "pairs": lambda q: list(zip(q.s_history, q.y_history, strict=True)),
    "places": lambda q: range(len(q.pairs)),
    "first_order": lambda q: reversed(q.places),
    "second_order": lambda q: q.places,
    "vector_updated": lambda _: True,
    "alpha": lambda _: lambda s, y, vector: (s @ vector) / (y @ s),
    "taken_away": lambda _: lambda s, y: y,  # noqa: ARG005 - other formulas take away s
    "first_loop": _first_loop,
    "behind": lambda q: q.first_loop[0],
    "pair_of_scale": lambda q: q.pairs[-1],
    "scale_of": lambda _: lambda s, y: (s @ y) / (y @ y),
    "scale": lambda q: q.scale_of(*q.pair_of_scale) if q.pairs else 1,
    "scaled": lambda q: q.scale * q.behind,
    "beta": lambda _: lambda s, y, vector: (y @ vector) / (y @ s),
    "put_back": lambda _: lambda alpha, beta: alpha - beta,
    "ahead": _second_loop,
    "direction": lambda q: -q.ahead,
}

LBFGS = Family(
    "lbfgs_direction",
    FORMULAS,
    {
        "lbfgs_direction": Signature(
            lambda grad, s_history, y_history: {
                "grad": grad,
                "s_history": s_history,
                "y_history": y_history,
            },
            lambda q: q.direction,
        )
    },
)

bug = bugs_of(LBFGS)


def _constantly(function: Callable[..., Any]) -> Callable[[Sheet], Callable[..., Any]]:
    return lambda _: function


LBFGS_BUGS = (
    bug(
        "ascent",
        "the direction points up the loss: its minus is missing",
        "what should the direction be without any history?",
        direction=lambda q: q.ahead,
    ),
    bug(
        "steepest_descent",
        "the direction is minus the gradient; the history should turn and scale it",
        "where does your code use the two histories?",
        direction=lambda q: -q.grad,
    ),
    bug(
        "newest_pair_only",
        "only the newest pair of the history is used; all of them should be",
        "how often do your loops run?",
        pairs=lambda q: list(zip(q.s_history, q.y_history, strict=True))[-1:],
    ),
    bug(
        "oldest_pair_left_out",
        "the loops leave out the oldest pair of the history",
        "where does a range of Python end?",
        pairs=lambda q: list(zip(q.s_history, q.y_history, strict=True))[1:],
    ),
    bug(
        "history_from_newest",
        "the histories are taken to begin with the newest pair; they begin with the oldest",
        "in which order does the docstring say they are?",
        pairs=lambda q: list(zip(q.s_history, q.y_history, strict=True))[::-1],
    ),
    bug(
        "histories_swapped",
        "steps and changes of the gradient are in each other's place",
        "which of the two histories lives in the space of gradients?",
        pairs=lambda q: list(zip(q.y_history, q.s_history, strict=True)),
    ),
    # ----------------------------------------------------------------------------- first loop
    bug(
        "first_loop_from_oldest",
        "the first loop runs from the oldest pair to the newest; it should run from the newest",
        "the two loops run in opposite directions",
        first_order=lambda q: q.places,
    ),
    bug(
        "first_loop_not_chained",
        "each alpha is computed from the gradient itself; it should be from what the loop has made "
        "of it so far",
        "does the vector change while the loop runs?",
        vector_updated=lambda _: False,
    ),
    bug(
        "steps_taken_away",
        "the first loop takes away multiples of s; it should take away multiples of y",
        "which of the two histories lives in the space of gradients?",
        taken_away=_constantly(lambda s, y: s),  # noqa: ARG005 - called with both
    ),
    bug(
        "alpha_from_y",
        "alpha is computed from y; it should be the product with s, divided by that of both",
        "which product stands in the numerator of alpha?",
        alpha=_constantly(lambda s, y, vector: (y @ vector) / (y @ s)),
    ),
    bug(
        "alpha_not_divided",
        "alpha is not divided by the product of s and y",
        "the histories' lengths should cancel: what if s and y were both twice as long?",
        alpha=_constantly(lambda s, y, vector: s @ vector),  # noqa: ARG005 - called with all
    ),
    # ---------------------------------------------------------------------------------- scale
    bug(
        "no_scale",
        "the vector between the loops is not scaled; it should be by the newest pair's curvature",
        "what happens between the two loops?",
        scale=lambda _: 1,
    ),
    bug(
        "scale_inverted",
        "the scale between the loops is the inverse of what it should be",
        "is the scale a guess of the curvature, or of one divided by it?",
        scale_of=_constantly(lambda s, y: (y @ y) / (s @ y)),
    ),
    bug(
        "scale_of_oldest",
        "the scale between the loops is that of the oldest pair; it should be the newest's",
        "which pair knows most about the place where we are?",
        pair_of_scale=lambda q: q.pairs[0],
    ),
    bug(
        "scale_from_steps",
        "the scale between the loops is divided by the product of s and y, with s squared above; "
        "it should be that product, divided by y squared",
        "which product stands in the denominator of the scale?",
        scale_of=_constantly(lambda s, y: (s @ s) / (s @ y)),
    ),
    # ---------------------------------------------------------------------------- second loop
    bug(
        "no_second_loop",
        "the second loop is missing: the result lacks what should be put back along the steps",
        "how many loops has the recursion?",
        ahead=lambda q: q.scaled,
    ),
    bug(
        "second_loop_from_newest",
        "the second loop runs from the newest pair to the oldest; it should run from the oldest",
        "the two loops run in opposite directions",
        second_order=lambda q: reversed(q.places),
    ),
    bug(
        "second_loop_from_gradient",
        "the second loop starts from the scaled gradient; it should go on with what the first loop "
        "made of it",
        "what does the first loop hand over to the second?",
        scaled=lambda q: q.scale * q.grad,
    ),
    bug(
        "beta_missing",
        "the second loop puts back alpha alone; beta should be subtracted",
        "which two numbers does the second loop use for each pair?",
        put_back=_constantly(lambda alpha, _: alpha),
    ),
    bug(
        "alpha_missing",
        "the second loop subtracts beta alone; alpha should be put back",
        "which two numbers does the second loop use for each pair?",
        put_back=_constantly(lambda _, beta: -beta),
    ),
    bug(
        "beta_added",
        "the second loop adds alpha and beta; beta should be subtracted",
        "which sign has beta?",
        put_back=_constantly(lambda alpha, beta: alpha + beta),
    ),
    bug(
        "beta_minus_alpha",
        "the second loop subtracts alpha from beta; it should be the other way round",
        "which sign has beta?",
        put_back=_constantly(lambda alpha, beta: beta - alpha),
    ),
    bug(
        "beta_from_s",
        "beta is computed from s; it should be the product with y, divided by that of both",
        "which product stands in the numerator of beta?",
        beta=_constantly(lambda s, y, vector: (s @ vector) / (y @ s)),
    ),
    bug(
        "beta_not_divided",
        "beta is not divided by the product of s and y",
        "the histories' lengths should cancel: what if s and y were both twice as long?",
        beta=_constantly(lambda s, y, vector: y @ vector),  # noqa: ARG005 - called with all
    ),
)
