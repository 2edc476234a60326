"""Whitening as a table of formulas, and mistakes in it.

PCA: (X - mean) U / √(λ + eps);  ZCA: the same, times Uᵀ
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature

WHITENING_FORMULAS: Formulas = {
    "centred": lambda q: q.X - q.mean,
    "rotated": lambda q: q.centred @ q.components,
    "scale": lambda q: np.sqrt(q.variances + q.eps),
    "scaled": lambda q: q.rotated / q.scale,
    "pca": lambda q: q.scaled,
    "zca": lambda q: q.scaled @ q.components.T,
}


def _given(X: Any, mean: Any, components: Any, variances: Any, eps: float) -> dict[str, Any]:
    return {"X": X, "mean": mean, "components": components, "variances": variances, "eps": eps}


WHITENING = Family(
    "whitening",
    WHITENING_FORMULAS,
    {
        "pca_whiten": Signature(_given, lambda q: q.pca),
        "zca_whiten": Signature(_given, lambda q: q.zca),
    },
)

bug = bugs_of(WHITENING, "pca_whiten", "zca_whiten")
pca_bug = bugs_of(WHITENING, "pca_whiten")
zca_bug = bugs_of(WHITENING, "zca_whiten")

WHITENING_BUGS = (
    bug(
        "not_centred",
        "the data is whitened as it is; the mean should be subtracted first",
        "what should the mean itself become?",
        centred=lambda q: q.X,
    ),
    bug(
        "own_mean",
        "the data's own mean is subtracted; it should be the one that is passed in",
        "mean, components and variances were learnt together, from the training data",
        centred=lambda q: q.X - q.X.mean(axis=0),
    ),
    bug(
        "multiplied",
        "the coordinates are multiplied by their deviations; they should be divided by them",
        "what should the variance of every coordinate become?",
        scaled=lambda q: q.rotated * q.scale,
    ),
    bug(
        "divided_by_variance",
        "the coordinates are divided by their variances; it should be by the roots of these",
        "what should the variance of every coordinate become?",
        scale=lambda q: q.variances + q.eps,
    ),
    bug(
        "no_eps",
        "eps is missing in the divisor, so directions of almost no variance are blown up; it "
        "should be added to the variances",
        "what becomes of a direction in which there is only noise?",
        scale=lambda q: np.sqrt(q.variances),
    ),
    bug(
        "eps_outside_root",
        "eps is added to the root of the variances; it should be added inside the root",
        "compare the place of eps with the formula",
        scale=lambda q: np.sqrt(q.variances) + q.eps,
    ),
    bug(
        "eps_squared",
        "the square of eps is added to the variances; it should be eps itself",
        "compare with the formula",
        scale=lambda q: np.sqrt(q.variances + q.eps**2),
    ),
    bug(
        "not_scaled",
        "the coordinates are not divided by their deviations; whitening makes them all equally "
        "wide",
        "what should the variance of every coordinate become?",
        scale=lambda _: 1,
    ),
    bug(
        "rotated_by_rows",
        "the data is multiplied by the components' rows; they lie in the columns",
        "which axis of the components has the length of a sample?",
        rotated=lambda q: q.centred @ q.components.T,
    ),
    bug(
        "not_rotated",
        "the features are divided by the deviations along the components; the data should be "
        "turned to the components first",
        "to which axes do the variances belong?",
        rotated=lambda q: q.centred,
    ),
    pca_bug(
        "rotated_back",
        "the whitened data is turned back to the original axes; PCA whitening leaves it in "
        "principal coordinates",
        "this is the other whitening",
        pca=lambda q: q.scaled @ q.components.T,
    ),
    zca_bug(
        "not_rotated_back",
        "the whitened data is left in principal coordinates; ZCA turns it back to the original "
        "axes",
        "this is the other whitening",
        zca=lambda q: q.scaled,
    ),
    zca_bug(
        "rotated_twice",
        "the whitened data is turned by the components once more; it should be turned back",
        "which matrix undoes a rotation?",
        zca=lambda q: q.scaled @ q.components,
    ),
)
