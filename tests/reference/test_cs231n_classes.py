"""CS231n's classes: what the golden cases do not ask."""

from __future__ import annotations

import numpy as np
import pytest

from reference.classifiers.fully_connected import FullyConnectedNet
from reference.classifiers.knn_class import KNearestNeighbor
from reference.classifiers.two_layer import TwoLayerNet
from reference.two_layer_net import forward, loss


def test_the_net_is_the_homework_s():
    """Scores, loss and gradients are those of reference/two_layer_net.py."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(5, 8)), rng.integers(0, 4, 5)
    net = TwoLayerNet(8, 6, 4, std=1.0)
    want, gradients = loss(net.params, X, y, 0.1)
    got, grads = net.loss(X, y, 0.1)
    assert got == pytest.approx(want)
    np.testing.assert_allclose(net.loss(X), forward(net.params, X))
    for name, gradient in gradients.items():
        np.testing.assert_allclose(grads[name], gradient)


def test_reg_is_the_constructor_s_unless_loss_is_given_one():
    """Both years' forms give the same loss."""
    X, y = np.ones((3, 4)), np.array([0, 1, 2])
    net = TwoLayerNet(4, 5, 3, 0.5, reg=0.25)
    assert net.loss(X, y)[0] == net.loss(X, y, 0.25)[0] != net.loss(X, y, 0.0)[0]


def test_weights_are_small_and_random():
    """The deviation is std, and biases begin at zero."""
    params = TwoLayerNet(100, 50, 10, std=1e-3).params
    assert params["W1"].std() == pytest.approx(1e-3, rel=0.1)
    assert params["W2"].std() == pytest.approx(1e-3, rel=0.2)
    assert not params["b1"].any()
    assert not params["b2"].any()


def test_a_nearest_neighbour_finds_itself():
    """Each training sample's own label is predicted for it."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(9, 3)), rng.integers(0, 4, 9)
    knn = KNearestNeighbor()
    knn.train(X, y)
    for distances in (
        knn.compute_distances_two_loops(X),
        knn.compute_distances_one_loop(X),
        knn.compute_distances_no_loops(X),
    ):
        np.testing.assert_array_equal(knn.predict_labels(distances), y)


def test_other_normalisations_are_refused():
    """The net has batch normalisation or none."""
    with pytest.raises(ValueError, match="'layernorm'"):
        FullyConnectedNet([3], 4, 2, "layernorm")


def test_batch_norm_starts_as_the_course_has_it():
    """Scales are ones and shifts zeros, for each hidden layer and not for the scores."""
    params = FullyConnectedNet([5, 3], 4, 2, "batchnorm").params
    assert [name for name in params if name.startswith("gamma")] == ["gamma1", "gamma2"]
    assert all((params[name] == 1).all() for name in ("gamma1", "gamma2"))
    assert not any(params[name].any() for name in ("beta1", "beta2", "b1", "b2", "b3"))
