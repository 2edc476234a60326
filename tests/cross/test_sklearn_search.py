"""Cross-validation says the same as scikit-learn, the controller's gradient as PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from reference.search.controller import log_probability
from reference.search.cross_validation import cross_validation_split, knn_cross_validate
from reference.search.grid import grid_points

model_selection = pytest.importorskip(
    "sklearn.model_selection", reason="needs scikit-learn: pip install 'goldgrad[cross]'"
)
neighbors = pytest.importorskip("sklearn.neighbors")
torch = pytest.importorskip("torch", reason="needs PyTorch: pip install 'goldgrad[cross]'")

pytestmark = pytest.mark.cross


@pytest.mark.parametrize(("n", "k"), [(12, 3), (11, 4), (14, 4), (9, 9)])
def test_folds_are_those_of_kfold(n, k) -> None:
    """Sizes and order, with and without a rest."""
    for fold, theirs in enumerate(model_selection.KFold(k).split(np.zeros(n))):
        for our, their in zip(cross_validation_split(n, k, fold), theirs, strict=True):
            np.testing.assert_array_equal(our, their)


def test_knn_cross_validation_is_cross_val_score() -> None:
    """Every accuracy, on folds in the order of the samples."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 61)
    X = rng.standard_normal((61, 3)) + np.eye(3)[y]
    accuracies, means = knn_cross_validate(X, y, [1, 4, 7], 4)
    for row, k in enumerate([1, 4, 7]):
        classifier = neighbors.KNeighborsClassifier(k, algorithm="brute")
        theirs = model_selection.cross_val_score(classifier, X, y, cv=model_selection.KFold(4))
        np.testing.assert_allclose(accuracies[row], theirs)
        assert means[row] == pytest.approx(theirs.mean())


def test_grid_points_are_parameter_grid() -> None:
    """The same combinations in the same order."""
    first, second = [0.1, 0.2, 0.4], [5.0, 6.0]
    theirs = model_selection.ParameterGrid({"a": first, "b": second})
    want = [[point["a"], point["b"]] for point in theirs]
    np.testing.assert_array_equal(grid_points(np.array(first), np.array(second)), want)


def test_log_probability_is_differentiated_as_by_autograd() -> None:
    """Value and gradient of log_softmax at the choice."""
    logits = np.random.default_rng(1).standard_normal(5)
    tensor = torch.tensor(logits, requires_grad=True)
    theirs = torch.log_softmax(tensor, 0)[3]
    theirs.backward()
    log_p, dlogits = log_probability(logits, 3)
    assert log_p == pytest.approx(theirs.item(), rel=1e-12)
    np.testing.assert_allclose(dlogits, tensor.grad.numpy(), rtol=1e-12)
