"""Preprocessing says the same as scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from reference.preprocessing.centring import normalise, zero_centre
from reference.preprocessing.pca import pca_fit, pca_project, pca_reconstruct
from reference.preprocessing.whitening import pca_whiten

decomposition = pytest.importorskip(
    "sklearn.decomposition", reason="needs scikit-learn: pip install 'goldgrad[cross]'"
)
preprocessing = pytest.importorskip("sklearn.preprocessing")

pytestmark = pytest.mark.cross


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray]:
    """A training and a test set whose features are correlated."""
    rng = np.random.default_rng(3)
    mix = rng.standard_normal((5, 5))
    return rng.standard_normal((40, 5)) @ mix + 2.0, rng.standard_normal((9, 5)) @ mix + 2.5


@pytest.mark.parametrize(("ours", "with_std"), [(zero_centre, False), (normalise, True)])
def test_scaling_is_standard_scaler(data, ours, with_std) -> None:
    """Fitted to the training data and applied to both; a constant feature included."""
    train, test = data
    train[:, 3] = test[:, 3] = 1.5
    scaler = preprocessing.StandardScaler(with_std=with_std).fit(train)
    got_train, got_test = ours(train, test)
    np.testing.assert_allclose(got_train, scaler.transform(train), atol=1e-12)
    np.testing.assert_allclose(got_test, scaler.transform(test), atol=1e-12)


def test_pca(data) -> None:
    """Mean, variances (theirs divide by N - 1) and, up to signs, directions and coordinates."""
    train, test = data
    theirs = decomposition.PCA(3, svd_solver="full").fit(train)
    mean, components, variances = pca_fit(train, 3)
    np.testing.assert_allclose(mean, theirs.mean_)
    np.testing.assert_allclose(variances * 40 / 39, theirs.explained_variance_)
    signs = np.sign((components * theirs.components_.T).sum(axis=0))
    np.testing.assert_allclose(components * signs, theirs.components_.T, atol=1e-10)
    Z = pca_project(test, mean, components)
    np.testing.assert_allclose(Z * signs, theirs.transform(test), atol=1e-10)
    np.testing.assert_allclose(
        pca_reconstruct(Z, mean, components), theirs.inverse_transform(theirs.transform(test))
    )


def test_whitening(data) -> None:
    """Theirs has no eps and divides by N - 1."""
    train, test = data
    theirs = decomposition.PCA(5, whiten=True, svd_solver="full").fit(train)
    mean, components, variances = pca_fit(train, 5)
    signs = np.sign((components * theirs.components_.T).sum(axis=0))
    white = pca_whiten(test, mean, components, variances * 40 / 39, eps=0.0)
    np.testing.assert_allclose(white * signs, theirs.transform(test), atol=1e-9)
