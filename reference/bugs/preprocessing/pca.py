"""Principal components as a table of formulas, and mistakes in them.

C = (X - mean)ᵀ (X - mean) / N = U diag(λ) Uᵀ;  Z = (X - mean) U;  X = Z Uᵀ + mean
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature

PCA_FORMULAS: Formulas = {
    "ddof": lambda _: 0,  # what is subtracted from N in the covariance
    "mean": lambda q: q.X.mean(axis=0),
    "centred": lambda q: q.X - q.mean,
    "divisor": lambda q: len(q.X) - q.ddof,
    "covariance": lambda q: q.centred.T @ q.centred / q.divisor,
    "eigen": lambda q: np.linalg.eigh(q.covariance.astype(np.float64)),  # in ascending order
    "values": lambda q: q.eigen[0][::-1],
    "vectors": lambda q: q.eigen[1][:, ::-1],
    "components": lambda q: q.vectors[:, : q.k],
    "variances": lambda q: q.values[: q.k],
    # ------------------------------------------------------------------- with given components
    "Z": lambda q: q.centred @ q.components,
    "back": lambda q: q.Z @ q.components.T + q.mean,
}


def _fit(X: Any, k: int) -> dict[str, Any]:
    return {"X": X, "k": k}


def _project(X: Any, mean: Any, components: Any) -> dict[str, Any]:
    return {"X": X, "mean": mean, "components": components}


def _reconstruct(Z: Any, mean: Any, components: Any) -> dict[str, Any]:
    return {"Z": Z, "mean": mean, "components": components}


PCA = Family(
    "pca",
    PCA_FORMULAS,
    {
        "pca_fit": Signature(_fit, lambda q: (q.mean, q.components, q.variances)),
        "pca_project": Signature(_project, lambda q: q.Z),
        "pca_reconstruct": Signature(_reconstruct, lambda q: q.back),
    },
)

bug = bugs_of(PCA, "pca_fit")
project_bug = bugs_of(PCA, "pca_project")
back_bug = bugs_of(PCA, "pca_reconstruct")

PCA_BUGS = (
    # ------------------------------------------------------------------------------------ fit
    bug(
        "not_centred",
        "the components are those of the data as it is; the mean should be subtracted first",
        "where would the first direction point if all data lay near (100, 100)?",
        centred=lambda q: q.X,
    ),
    bug(
        "normalised_first",
        "the features are divided by their deviations first, which gives the components of the "
        "correlation matrix; the covariance is wanted",
        "which features should weigh more, those that vary much or all alike?",
        centred=lambda q: (q.X - q.mean) / q.X.std(axis=0),
    ),
    bug(
        "smallest_first",
        "the directions of smallest variance are taken; it should be the largest",
        "in which order does your eigenvalue routine answer?",
        values=lambda q: q.eigen[0],
        vectors=lambda q: q.eigen[1],
    ),
    bug(
        "vectors_not_reordered",
        "the variances are put in descending order and the eigenvectors are not; they belong "
        "together",
        "does the first component belong to the first variance?",
        vectors=lambda q: q.eigen[1],
    ),
    bug(
        "variances_not_reordered",
        "the eigenvectors are put in descending order and the variances are not; they belong "
        "together",
        "does the first component belong to the first variance?",
        values=lambda q: q.eigen[0],
    ),
    bug(
        "rows_of_eigenvectors",
        "rows of the matrix of eigenvectors are taken; the eigenvectors are its columns",
        "look up how your routine lays out its eigenvectors",
        components=lambda q: q.vectors[: q.k].T,
    ),
    bug(
        "components_in_rows",
        "the components are returned as rows; they should be the columns of a matrix of D rows",
        "compare the shape with the one that is documented",
        components=lambda q: q.vectors[:, : q.k].T,
    ),
    bug(
        "k_ignored",
        "all components are returned; only the first k are wanted",
        "how many columns should there be?",
        components=lambda q: q.vectors,
        variances=lambda q: q.values,
    ),
    bug(
        "all_variances",
        "the variances of all components are returned; only the first k are wanted",
        "how many variances should there be?",
        variances=lambda q: q.values,
    ),
    bug(
        "deviations_for_variances",
        "the roots of the variances are returned; they should be the variances",
        "what is an eigenvalue of the covariance matrix?",
        variances=lambda q: np.sqrt(q.values[: q.k]),
    ),
    bug(
        "singular_values",
        "the singular values of the centred data are returned; it should be the variances along "
        "the components",
        "how does a singular value of the data relate to an eigenvalue of its covariance?",
        variances=lambda q: np.sqrt(q.values[: q.k] * q.divisor),
    ),
    bug(
        "covariance_not_divided",
        "the covariance is not divided by the number of samples, so the variances are too large; "
        "it should be a mean",
        "should a variance grow with the number of samples?",
        divisor=lambda _: 1,
    ),
    bug(
        "divided_by_features",
        "the covariance is divided by the number of features; it should be by that of the samples",
        "over what is the mean?",
        divisor=lambda q: q.X.shape[1],
    ),
    bug(
        "shares_of_variance",
        "each variance is returned as its share of the total; it should be the variance itself",
        "the explained share is another number",
        variances=lambda q: q.values[: q.k] / q.values.sum(),
    ),
    bug(
        "variances_of_features",
        "the variances of the first features are returned; they should be those along the "
        "components",
        "the diagonal of the covariance matrix is not its eigenvalues",
        variances=lambda q: np.diag(q.covariance)[: q.k],
    ),
    bug(
        "components_not_of_unit_length",
        "the components are scaled by their deviations; they should have length 1",
        "how long is a direction?",
        components=lambda q: q.vectors[:, : q.k] * np.sqrt(q.values[: q.k]),
    ),
    bug(
        "over_the_samples",
        "the covariance is taken between samples; it should be between features",
        "how many rows and columns has a covariance matrix of D features?",
        covariance=lambda q: q.centred @ q.centred.T / q.divisor,
    ),
    bug(
        "mean_of_everything",
        "one mean over all numbers is subtracted; each feature has its own",
        "a mean without an axis is that of the whole array",
        mean=lambda q: q.X.mean(),
    ),
    # -------------------------------------------------------------------------------- project
    project_bug(
        "project_not_centred",
        "the data is projected as it is; the mean should be subtracted first",
        "which coordinates should the mean itself have?",
        centred=lambda q: q.X,
    ),
    project_bug(
        "project_by_own_mean",
        "the data's own mean is subtracted; it should be the one that is passed in",
        "components and mean were learnt together, from the training data",
        centred=lambda q: q.X - q.X.mean(axis=0),
    ),
    project_bug(
        "project_mean_added",
        "the mean is added before the projection; it should be subtracted",
        "which coordinates should the mean itself have?",
        centred=lambda q: q.X + q.mean,
    ),
    project_bug(
        "project_onto_rows",
        "the data is multiplied by the components' rows; they lie in the columns",
        "which axis of the components has the length of a sample?",
        Z=lambda q: q.centred @ q.components.T,
    ),
    project_bug(
        "project_centred_afterwards",
        "the mean is subtracted after the projection; it should be before",
        "in which space does the mean lie?",
        Z=lambda q: q.X @ q.components - q.mean,
    ),
    # ---------------------------------------------------------------------------- reconstruct
    back_bug(
        "back_without_mean",
        "the mean is not added again; it should be",
        "what should coordinates that are all 0 become?",
        back=lambda q: q.Z @ q.components.T,
    ),
    back_bug(
        "back_mean_subtracted",
        "the mean is subtracted; it should be added again",
        "what should coordinates that are all 0 become?",
        back=lambda q: q.Z @ q.components.T - q.mean,
    ),
    back_bug(
        "back_mean_first",
        "the mean is added to the coordinates; it should be added after turning them back",
        "in which space does the mean lie?",
        back=lambda q: (q.Z + q.mean) @ q.components.T,
    ),
    back_bug(
        "back_not_transposed",
        "the coordinates are multiplied by the components as in the projection; the way back "
        "should go by the transposed matrix",
        "how many rows has the matrix that takes k coordinates to D features?",
        back=lambda q: q.Z @ q.components + q.mean,
    ),
)
