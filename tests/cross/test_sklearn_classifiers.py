"""Classifiers say the same as scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest

from reference.classifiers.ensemble import average_ensemble, vote_ensemble
from reference.classifiers.linear import linear_predict, linear_softmax_loss, linear_svm_loss
from reference.classifiers.nearest_neighbour import knn_predict

linear_model = pytest.importorskip(
    "sklearn.linear_model", reason="needs scikit-learn: pip install 'goldgrad[cross]'"
)
neighbors = pytest.importorskip("sklearn.neighbors")
svm = pytest.importorskip("sklearn.svm")
ensemble = pytest.importorskip("sklearn.ensemble")
tree = pytest.importorskip("sklearn.tree")

pytestmark = pytest.mark.cross


def _clouds(N: int, seed: int, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping clouds of points in four dimensions."""
    rng = np.random.default_rng(seed)
    y = np.arange(N) % classes
    return rng.standard_normal((N, 4)) + 1.5 * np.eye(4)[y], y


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("k", [1, 4, 7])
def test_k_nearest_neighbours(k, p) -> None:
    """The same labels, ties of votes included: theirs takes the smallest label, too."""
    X_train, y_train = _clouds(90, 0)
    X, _ = _clouds(60, 1)
    theirs = neighbors.KNeighborsClassifier(k, p=p, algorithm="brute").fit(X_train, y_train)
    np.testing.assert_array_equal(knn_predict(X_train, y_train, X, k, p), theirs.predict(X))


def test_logistic_regression_ends_where_our_gradient_is_zero() -> None:
    """Theirs minimises c Σ loss + ½ Σ W², which is c N times our loss with reg = 1 / (2 c N)."""
    X, y = _clouds(120, 2)
    theirs = linear_model.LogisticRegression(C=0.7, fit_intercept=False, tol=1e-10, max_iter=1000)
    W = theirs.fit(X, y).coef_.T
    reg = 1 / (2 * 0.7 * len(X))
    loss, dW = linear_softmax_loss(W, X, y, reg)
    np.testing.assert_allclose(dW, 0, atol=1e-6)
    assert loss < linear_softmax_loss(1.01 * W, X, y, reg)[0]
    np.testing.assert_array_equal(linear_predict(W, X), theirs.predict(X))


def test_a_linear_svm_of_two_classes_ends_where_our_loss_is_least() -> None:
    """Theirs has one weight vector w: ours has w/2 for the one class and -w/2 for the other.

    c Σ hinge + ½ |w|² is c N times our loss with reg = 1 / (c N), as |w|² = 2 Σ W².
    """
    X, y = _clouds(80, 3, classes=2)
    theirs = svm.LinearSVC(
        C=0.5, loss="hinge", fit_intercept=False, tol=1e-10, max_iter=500_000, random_state=0
    )
    w = theirs.fit(X, y).coef_[0]
    W = np.stack([-w / 2, w / 2], axis=1)
    reg = 1 / (0.5 * len(X))
    least, _ = linear_svm_loss(W, X, y, reg)
    rng = np.random.default_rng(4)
    for _ in range(20):
        step = 1e-3 * rng.standard_normal(W.shape)
        assert linear_svm_loss(W + step, X, y, reg)[0] > least


def test_voting() -> None:
    """Soft votes are our average, hard votes ours with four models and their ties."""
    X, y = _clouds(90, 5)
    models = [
        (f"depth {d}", tree.DecisionTreeClassifier(max_depth=d, random_state=0)) for d in (1, 2, 3)
    ]
    models.append(("logistic", linear_model.LogisticRegression()))
    soft = ensemble.VotingClassifier(models, voting="soft").fit(X, y)
    hard = ensemble.VotingClassifier(models, voting="hard").fit(X, y)
    with np.errstate(divide="ignore"):
        scores = np.log(soft.transform(X).reshape(len(X), 4, 3).swapaxes(0, 1))
    np.testing.assert_allclose(average_ensemble(scores), soft.predict_proba(X), atol=1e-12)
    np.testing.assert_array_equal(vote_ensemble(hard.transform(X).T), hard.predict(X))
