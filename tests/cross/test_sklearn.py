"""The solution says the same as scikit-learn: the loss, and a net with the same parameters."""

from __future__ import annotations

import numpy as np
import pytest

from reference.losses import softmax_loss
from reference.two_layer_net import forward, init_params, predict

metrics = pytest.importorskip(
    "sklearn.metrics", reason="needs scikit-learn: pip install 'goldgrad[cross]'"
)
neural_network = pytest.importorskip("sklearn.neural_network")

pytestmark = pytest.mark.cross


def _softmax(scores: np.ndarray) -> np.ndarray:
    p = np.exp(scores)
    return p / p.sum(axis=1, keepdims=True)


def test_softmax_loss_is_log_loss() -> None:
    """The same number as log_loss of the probabilities."""
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((50, 4)), rng.integers(0, 4, 50)
    expected = metrics.log_loss(y, _softmax(x), labels=range(4))
    assert softmax_loss(x, y)[0] == pytest.approx(expected, rel=1e-12)


def test_a_classifier_with_our_parameters_predicts_the_same() -> None:
    """Our W1, b1, W2, b2 copied into an MLPClassifier give its probabilities and classes."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((200, 8)), np.arange(200) % 4
    classifier = neural_network.MLPClassifier(hidden_layer_sizes=(16,), random_state=0)
    classifier.partial_fit(X, y, classes=np.arange(4))  # only to give it its shapes
    params = init_params(8, 16, 4, seed=1, weight_scale=1.0)
    params["b1"] += rng.standard_normal(16)
    classifier.coefs_ = [params["W1"], params["W2"]]
    classifier.intercepts_ = [params["b1"], params["b2"]]

    probabilities = classifier.predict_proba(X)
    np.testing.assert_allclose(probabilities, _softmax(forward(params, X)), rtol=1e-9)
    np.testing.assert_array_equal(classifier.predict(X), predict(params, X))
    assert len(np.unique(predict(params, X))) > 1, "one class only would prove little"
