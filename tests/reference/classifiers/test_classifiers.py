"""reference/classifiers: worked examples, and that training learns."""

from __future__ import annotations

import numpy as np
import pytest

from reference.classifiers.convnet import convnet_loss
from reference.classifiers.ensemble import average_ensemble, vote_ensemble
from reference.classifiers.linear import (
    linear_predict,
    linear_softmax_loss,
    linear_svm_loss,
    train_linear_softmax,
    train_linear_svm,
)
from reference.classifiers.nearest_neighbour import knn_predict, l1_distances, l2_distances


def test_the_lecture_s_l1_distance():
    """The 4 by 4 images of the lecture are 456 apart."""
    test = np.array([[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]])
    train = np.array([[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]])
    assert l1_distances(test.reshape(1, -1), train.reshape(1, -1)) == [[456]]


def test_three_and_four_are_five_and_seven_apart():
    """Euclid's and Manhattan's way along a right angle."""
    x, origin = np.array([[3.0, 4.0]]), np.zeros((1, 2))
    assert (l2_distances(x, origin), l1_distances(x, origin)) == ([[5.0]], [[7.0]])


def test_a_training_sample_is_its_own_nearest_neighbour():
    """With k = 1 the training data is classified without a mistake."""
    X, y = np.random.default_rng(0).standard_normal((20, 3)), np.arange(20) % 4
    for p in (1, 2):
        np.testing.assert_array_equal(knn_predict(X, y, X, 1, p), y)


def test_another_norm_is_refused():
    """P is 1 or 2."""
    with pytest.raises(ValueError, match="p is 1 or 2"):
        knn_predict(np.eye(2), np.arange(2), np.eye(2), 1, 3)


def test_zero_weights_lose_as_the_lecture_says():
    """Softmax loses ln C, the support vector machine C - 1."""
    W, X, y = np.zeros((3, 10)), np.ones((6, 3)), np.arange(6)
    assert linear_softmax_loss(W, X, y, 0.0)[0] == pytest.approx(np.log(10))
    assert linear_svm_loss(W, X, y, 0.0)[0] == 9


def test_the_lecture_s_hinge_losses():
    """Cat, car, frog: 2.9, 0 and 12.9, on average 5.27."""
    scores = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    loss, _ = linear_svm_loss(np.eye(3), scores, np.arange(3), 0.0)
    assert loss == pytest.approx((2.9 + 0 + 12.9) / 3)


@pytest.mark.parametrize("train", [train_linear_softmax, train_linear_svm])
def test_training_separates_what_is_separable(train):
    """Three clouds far apart are learnt, and the loss falls."""
    rng = np.random.default_rng(1)
    y = np.arange(60) % 3
    X = 4 * np.eye(3)[y] + 0.3 * rng.standard_normal((60, 3))
    batches = np.stack([rng.permutation(60)[:20] for _ in range(50)])
    W, losses = train(np.zeros((3, 3)), X, y, batches, 0.1, 1e-3)
    assert losses[-1] < losses[0] / 4
    np.testing.assert_array_equal(linear_predict(W, X), y)


def test_a_step_against_the_gradient_lowers_the_convnet_s_loss():
    """All parameters together, one small step."""
    rng = np.random.default_rng(2)
    params = {
        "W1": rng.standard_normal((3, 2, 3, 3)),
        "b1": rng.standard_normal(3),
        "W2": rng.standard_normal((12, 4)),
        "b2": rng.standard_normal(4),
    }
    X, y = rng.standard_normal((5, 2, 4, 4)), np.arange(5) % 4
    loss, grads = convnet_loss(params, X, y, 0.01)
    moved = {name: value - 1e-3 * grads[name] for name, value in params.items()}
    assert convnet_loss(moved, X, y, 0.01)[0] < loss


def test_one_model_is_an_ensemble_of_itself():
    """Its probabilities and its labels come out, also at huge scores."""
    scores = np.array([[[1000.0, 1000.0], [0.0, np.log(3)]]])
    np.testing.assert_allclose(average_ensemble(scores), [[0.5, 0.5], [0.25, 0.75]])
    np.testing.assert_array_equal(vote_ensemble(np.array([[2, 0, 1]])), [2, 0, 1])
