"""Problems of preprocessing.

Training and test data lie around different means, so that statistics of the wrong set show; the
features have means and deviations of their own; N, M, D and k differ. Orthonormal components are
products of reflections with entries that binary numbers hold exactly, so nothing is rounded. With
all of them, shapes fit whichever way the matrix lies: that case comes first, so that a mistake is
seen as values before it is seen as an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Setting, Step, Tolerance
from grader.observe import Observation
from reference.preprocessing.centring import normalise, zero_centre
from reference.preprocessing.pca import pca_fit, pca_project, pca_reconstruct
from reference.preprocessing.whitening import pca_whiten, zca_whiten
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps, gaussian, on_grid

Array = NDArray[Any]

_PLAIN = frozenset({"plain"})
_CONSTANT = frozenset({"constant"})
_ALL = frozenset({"all_components"})
# Adding a small number to a deviation is a habit against division by 0, and no mistake.
_HABIT = Tolerance(rtol=2e-5, atol=2e-5)
_REFLECTION = np.array([1.0, 1.0, 1.0, 2.0, 3.0])
"""Of squared length 16, so I - v vᵀ / 8 has entries of three binary places."""


# ------------------------------------------------------------------------------------- drawing
def _table(draw: Draw, N: int, D: int, move: float = 0.0) -> Array:
    """Features whose deviations are about 1, 2, 1, 2, ... and whose means differ."""
    scales = np.resize([1.0, 2.0], D)
    means = 1.0 + np.arange(D) + move
    return on_grid(means + scales * draw.standard_normal((N, D)))


def _two_sets(N: int, M: int, D: int) -> Callable[[Draw], tuple[Array, Array]]:
    return lambda draw: (_table(draw, N, D), _table(draw, M, D, move=0.75))


def _with_constant(draw: Draw) -> tuple[Array, Array]:
    train, test = _table(draw, 9, 4), _table(draw, 5, 4, move=0.75)
    train[:, 2] = test[:, 2] = gaussian(draw, 1)
    return train, test


def _sets_step(function: str, sets: Callable[[Draw], tuple[Array, Array]]) -> Steps:
    return lambda draw: [Step(function, list(sets(draw)), ["train", "test"])]


def _elongated(draw: Draw, N: int, D: int) -> Array:
    """Data that varies twice as much in each direction as in the next, away from the origin."""
    lengths = 2.0 ** np.arange(2, 2 - D, -1)
    rotation = _orthonormal(draw, D)
    return on_grid(1.0 + np.arange(D) + (draw.standard_normal((N, D)) * lengths) @ rotation.T)


def _orthonormal(draw: Draw, D: int) -> Array:
    """(D, D) for D = 5: two reflections, exact in binary."""
    found = np.eye(D)
    for _ in range(2):
        v = draw.permutation(_REFLECTION) * draw.choice([-1.0, 1.0], size=D)
        found = found @ (np.eye(D) - np.outer(v, v) / 8)
    return found


# --------------------------------------------------------------------------------------- steps
def _fit(N: int, k: int) -> Steps:
    returns = ["mean", "components", "variances"]
    return lambda draw: [Step("pca_fit", [_elongated(draw, N, 5), k], list(returns))]


def _project(k: int) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        X, mean = _table(draw, 7, 5), gaussian(draw, 5, scale=2.0)
        return [Step("pca_project", [X, mean, _orthonormal(draw, 5)[:, :k]], "Z")]

    return steps


def _reconstruct(k: int) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        Z, mean = gaussian(draw, 7, k, scale=2.0), gaussian(draw, 5, scale=2.0)
        return [Step("pca_reconstruct", [Z, mean, _orthonormal(draw, 5)[:, :k]], "X")]

    return steps


def _whiten(function: str, k: int, eps: float) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        X, mean = _table(draw, 7, 5), gaussian(draw, 5, scale=2.0)
        variances = on_grid(4.0 ** np.arange(1, 1 - k, -1) * draw.uniform(1.0, 2.0, size=k))
        components = _orthonormal(draw, 5)[:, :k]
        return [Step(function, [X, mean, components, variances, eps], "white")]

    return steps


# ------------------------------------------------------------------------------------ problems
ZERO_CENTRE = ProblemPlan(
    "zero_centre",
    "zero-centring",
    "zero_centre",
    ("train", "test"),
    (
        CasePlan(
            "more_samples",
            "more samples than features",
            _PLAIN,
            _sets_step("zero_centre", _two_sets(7, 4, 3)),
        ),
        CasePlan(
            "more_features",
            "more features than samples",
            _PLAIN,
            _sets_step("zero_centre", _two_sets(4, 3, 6)),
        ),
    ),
)


def _by_variance(plan: ProblemPlan) -> ProblemPlan:
    """The plan as it is, and with the other divisor of the variance."""
    usual = Setting("variance_divisor", "n", "variances are divided by the number N of samples")
    other = Setting("variance_divisor", "n_minus_1", "variances are divided by N - 1")
    changed = replace(plan, setting=other, changes={"ddof": lambda _: 1})
    return replace(plan, setting=usual, alternatives=(changed,))


NORMALISE = _by_variance(
    ProblemPlan(
        "normalise",
        "normalisation of features",
        "normalise",
        ("train", "test"),
        (
            CasePlan(
                "more_samples",
                "more samples than features",
                _PLAIN,
                _sets_step("normalise", _two_sets(9, 4, 3)),
            ),
            CasePlan(
                "more_features",
                "more features than samples",
                _PLAIN,
                _sets_step("normalise", _two_sets(5, 3, 6)),
            ),
            CasePlan(
                "constant",
                "a feature that is constant",
                _CONSTANT,
                _sets_step("normalise", _with_constant),
            ),
        ),
        looser={"train": _HABIT, "test": _HABIT},
    )
)

_DIRECTIONS = {
    "directions": Observation("absolute", ("components",), "the matrix of components (up to signs)")
}
PCA_FIT = _by_variance(
    ProblemPlan(
        "pca_fit",
        "principal components",
        "pca_fit",
        ("mean", "variances"),
        (
            CasePlan("two", "2 of 5 components", _PLAIN, _fit(12, 2), observed=_DIRECTIONS),
            CasePlan("three", "3 of 5 components", _PLAIN, _fit(8, 3), observed=_DIRECTIONS),
            CasePlan("all", "all components", _ALL, _fit(9, 5), observed=_DIRECTIONS),
        ),
    )
)
PCA_PROJECT = ProblemPlan(
    "pca_project",
    "projection on principal components",
    "pca_project",
    ("Z",),
    (
        CasePlan("all", "all components", _ALL, _project(5)),
        CasePlan("two", "2 of 5 components", _PLAIN, _project(2)),
    ),
)
PCA_RECONSTRUCT = ProblemPlan(
    "pca_reconstruct",
    "reconstruction from principal components",
    "pca_reconstruct",
    ("X",),
    (
        CasePlan("all", "all components", _ALL, _reconstruct(5)),
        CasePlan("two", "2 of 5 components", _PLAIN, _reconstruct(2)),
    ),
)


def _whitening(function: str, title: str) -> ProblemPlan:
    return ProblemPlan(
        function,
        title,
        function,
        ("white",),
        (
            CasePlan("all", "all components", _ALL, _whiten(function, 5, 0.01)),
            CasePlan("three", "3 of 5 components", _PLAIN, _whiten(function, 3, 0.125)),
        ),
    )


PCA_WHITEN = _whitening("pca_whiten", "PCA whitening")
ZCA_WHITEN = _whitening("zca_whiten", "ZCA whitening")

PROBLEMS: tuple[ProblemPlan, ...] = (
    ZERO_CENTRE,
    NORMALISE,
    PCA_FIT,
    PCA_PROJECT,
    PCA_RECONSTRUCT,
    PCA_WHITEN,
    ZCA_WHITEN,
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    zero_centre,
    normalise,
    pca_fit,
    pca_project,
    pca_reconstruct,
    pca_whiten,
    zca_whiten,
)
