"""Classifiers: nearest neighbours, linear models, a small convolutional net, ensembles."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "l2_penalty": {
        "half": {
            "plus reg times the sum of squares of W.": (
                "plus half of reg times the sum of W squared."
            ),
            "plus reg times the\n    sum of squares of W.": (
                "plus half of reg\n    times the sum of squares of W."
            ),
            "plus reg times the sum of squares of both": (
                "plus half of reg times the sum of squares of"
            ),
        },
    },
}


def l1_distances(X, X_train):
    """Distance of every sample to every training sample: the sum of absolute differences.

    Args:
        X: (M, D), a sample in each row.
        X_train: (N, D), a training sample in each row.

    Returns:
        distances: (M, N).
    """
    raise NotImplementedError("write l1_distances")


def l2_distances(X, X_train):
    """Euclidean distance of every sample to every training sample.

    Args:
        X: (M, D), a sample in each row.
        X_train: (N, D), a training sample in each row.

    Returns:
        distances: (M, N).
    """
    raise NotImplementedError("write l2_distances")


def knn_vote(distances, y_train, k):
    """The most frequent label among the k nearest training samples.

    Args:
        distances: (M, N), of every sample to every training sample.
        y_train: (N,), the labels of the training samples, whole numbers from 0.
        k: how many neighbours vote.

    Returns:
        labels: (M,). On a tie of votes, the smallest of the labels.
    """
    raise NotImplementedError("write knn_vote")


def knn_predict(X_train, y_train, X, k, p):
    """The whole k-nearest-neighbour classifier.

    Args:
        X_train: (N, D), the training samples.
        y_train: (N,), their labels.
        X: (M, D), the samples to classify.
        k: how many neighbours vote.
        p: 1 for sums of absolute differences, 2 for Euclidean distances.

    Returns:
        labels: (M,), the most frequent ones. On a tie of votes, the smallest of the labels.
    """
    raise NotImplementedError("write knn_predict")


def linear_softmax_loss(W, X, y, reg):
    """Loss of softmax regression with scores X W, and its gradient.

    The loss is the mean cross-entropy of the samples plus reg times the sum of squares of W.

    Args:
        W: (D, C), the weights.
        X: (N, D), a sample in each row.
        y: (N,), labels 0..C-1.
        reg: strength of the penalty.

    Returns:
        loss: a number.
        dW: (D, C), the gradient of all of the loss.
    """
    raise NotImplementedError("write linear_softmax_loss")


def linear_svm_loss(W, X, y, reg):
    """Loss of a linear support vector machine with scores X W, and its gradient.

    A sample's loss is the sum, over the classes that are not its own, of what is missing for its
    own class's score to be larger by 1. The loss is the mean over the samples plus reg times the
    sum of squares of W.

    Args:
        W: (D, C), the weights.
        X: (N, D), a sample in each row.
        y: (N,), labels 0..C-1.
        reg: strength of the penalty.

    Returns:
        loss: a number.
        dW: (D, C), the gradient of all of the loss.
    """
    raise NotImplementedError("write linear_svm_loss")


def linear_predict(W, X):
    """The class with the largest score.

    Args:
        W: (D, C), the weights.
        X: (N, D), a sample in each row.

    Returns:
        labels: (N,), 0..C-1.
    """
    raise NotImplementedError("write linear_predict")


def train_linear_softmax(W, X, y, batches, learning_rate, reg):
    """Minibatch gradient descent on the loss of softmax regression.

    The loss is the mean cross-entropy of the samples plus reg times the sum of squares of W.

    Args:
        W: (D, C), the weights to start with.
        X: (N, D), a sample in each row.
        y: (N,), labels 0..C-1.
        batches: (T, B), in row t the numbers of the samples of step t.
        learning_rate: what the gradient is multiplied by.
        reg: strength of the penalty.

    Returns:
        W: (D, C), the weights after T steps.
        losses: (T,), in each step the loss of its batch, before the weights change.
    """
    raise NotImplementedError("write train_linear_softmax")


def train_linear_svm(W, X, y, batches, learning_rate, reg):
    """Minibatch gradient descent on the loss of a linear support vector machine.

    A sample's loss is the sum, over the classes that are not its own, of what is missing for its
    own class's score to be larger by 1. The loss is the mean over the samples plus reg times the
    sum of squares of W.

    Args:
        W: (D, C), the weights to start with.
        X: (N, D), a sample in each row.
        y: (N,), labels 0..C-1.
        batches: (T, B), in row t the numbers of the samples of step t.
        learning_rate: what the gradient is multiplied by.
        reg: strength of the penalty.

    Returns:
        W: (D, C), the weights after T steps.
        losses: (T,), in each step the loss of its batch, before the weights change.
    """
    raise NotImplementedError("write train_linear_svm")


def convnet_scores(params, X):
    """Class scores of a small net: convolution, ReLU, max pooling, affine layer.

    The convolution has stride 1 and (HH - 1) / 2 zeros around the image, so that it keeps its size.
    The pooling takes windows of 2 by 2 with stride 2. Its output (N, F, H/2, W/2) is flattened in
    the order in which it lies.

    Args:
        params: dict with W1 (F, C, HH, HH), b1 (F,), W2 (F * H/2 * W/2, K) and b2 (K,).
        X: (N, C, H, W), images of even height and width.

    Returns:
        scores: (N, K).
    """
    raise NotImplementedError("write convnet_scores")


def convnet_loss(params, X, y, reg):
    """Loss of a small net (convolution, ReLU, max pooling, affine layer), and its gradients.

    The convolution has stride 1 and (HH - 1) / 2 zeros around the image; the pooling takes windows
    of 2 by 2 with stride 2; what it gives is flattened in the order in which it lies.

    The loss is the mean cross-entropy of the samples plus reg times the sum of squares of both
    W1 and W2.

    Args:
        params: dict with W1 (F, C, HH, HH), b1 (F,), W2 (F * H/2 * W/2, K) and b2 (K,).
        X: (N, C, H, W), images of even height and width.
        y: (N,), labels 0..K-1.
        reg: strength of the penalty.

    Returns:
        loss: a number.
        grads: dict with the gradients, under the names of the parameters.
    """
    raise NotImplementedError("write convnet_loss")


def average_ensemble(scores):
    """What several models say together: the mean of their softmax probabilities.

    Args:
        scores: (M, N, C), the class scores of M models for N samples.

    Returns:
        probabilities: (N, C).
    """
    raise NotImplementedError("write average_ensemble")


def vote_ensemble(labels):
    """What several models say together: the label that most of them choose.

    Args:
        labels: (M, N), the labels that M models give to N samples, whole numbers from 0.

    Returns:
        winners: (N,). On a tie of votes, the smallest of the labels.
    """
    raise NotImplementedError("write vote_ensemble")
