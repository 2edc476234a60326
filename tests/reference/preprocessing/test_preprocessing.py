"""reference/preprocessing: what the results are for, which golden cases do not say."""

from __future__ import annotations

import numpy as np
import pytest

from reference.preprocessing.centring import normalise
from reference.preprocessing.pca import pca_fit, pca_project, pca_reconstruct
from reference.preprocessing.whitening import pca_whiten, zca_whiten


@pytest.fixture
def X():
    """Correlated features of different sizes."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((60, 4)) @ rng.standard_normal((4, 4)) + [5.0, -3.0, 0.0, 1.0]


def test_normalised_features_have_mean_0_and_deviation_1(X):
    """In the training data; a test sample equal to the training mean becomes 0."""
    train, test = normalise(X, X.mean(axis=0, keepdims=True))
    np.testing.assert_allclose(train.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(train.std(axis=0), 1)
    np.testing.assert_allclose(test, 0, atol=1e-12)


def test_all_components_lose_nothing(X):
    """Projected on all components and back, the data is as before."""
    mean, components, _ = pca_fit(X, 4)
    np.testing.assert_allclose(
        pca_reconstruct(pca_project(X, mean, components), mean, components), X
    )


def test_what_is_lost_is_the_variance_of_the_components_left_out(X):
    """The mean squared error of a reconstruction is the sum of the other eigenvalues."""
    _, _, variances = pca_fit(X, 4)
    mean, components, _ = pca_fit(X, 2)
    lost = pca_reconstruct(pca_project(X, mean, components), mean, components) - X
    assert (lost**2).sum(axis=1).mean() == pytest.approx(variances[2:].sum())


@pytest.mark.parametrize("whiten", [pca_whiten, zca_whiten])
def test_whitened_features_are_uncorrelated_and_of_variance_1(X, whiten):
    """Both whitenings give the identity as covariance."""
    white = whiten(X, *pca_fit(X, 4), eps=0.0)
    np.testing.assert_allclose(white.T @ white / len(X), np.eye(4), atol=1e-10)


def test_precision_is_kept(X):
    """float32 in, float32 out, though the eigenvectors are found in float64."""
    assert {a.dtype for a in pca_fit(X.astype(np.float32), 2)} == {np.dtype(np.float32)}
