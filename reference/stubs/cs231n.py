"""What Stanford CS231n asks for."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "l2_penalty": {
        "half": {
            "plus reg times the sum of W squared": "plus half of reg times the sum of W squared"
        },
    },
    "two_layer_net": {
        "argument_half": {
            "plus reg times the sum of W1 and W2 squared; where reg\n        is None, it is": (
                "plus half of reg times the sum of W1 and W2 squared;\n"
                "        where reg is None, it is"
            ),
        },
        "argument_biases": {
            "plus reg times the sum of W1 and W2 squared; where reg\n        is None, it is": (
                "plus reg times the sum of the squares of W1, b1, W2,\n"
                "        b2; where reg is None, it is"
            ),
        },
        "argument_half_biases": {
            "plus reg times the sum of W1 and W2 squared; where reg\n        is None, it is": (
                "plus half of reg times the sum of the squares of\n"
                "        W1, b1, W2 and b2; where reg is None, it is"
            ),
        },
        "constructor": {
            "plus reg times the sum of W1 and W2 squared; where reg\n        is None, it is": (
                "plus reg times the sum of W1 and W2 squared,\n        where reg is"
            ),
        },
        "constructor_half": {
            "plus reg times the sum of W1 and W2 squared; where reg\n        is None, it is": (
                "plus half of reg times the sum of W1 and W2 squared,\n        where reg is"
            ),
        },
        "constructor_biases": {
            "plus reg times the sum of W1 and W2 squared; where reg\n        is None, it is": (
                "plus reg times the sum of the squares of W1, b1, W2,\n        b2, where reg is"
            ),
        },
        "constructor_half_biases": {
            "plus reg times the sum of W1 and W2 squared; where reg\n        is None, it is": (
                "plus half of reg times the sum of the squares of\n"
                "        W1, b1, W2 and b2, where reg is"
            ),
        },
    },
}


def softmax_loss_naive(W, X, y, reg):
    """Return the softmax loss of a linear classifier and its gradient, with loops.

    The scores of a sample are X[i] W. The loss is the mean over the samples of minus the logarithm
    of the true class's probability, plus reg times the sum of W squared.

    Args:
        W: (D, C).
        X: (N, D).
        y: (N,), labels 0..C-1.
        reg: strength of the penalty.

    Returns:
        loss: a number.
        dW: (D, C).
    """
    raise NotImplementedError("write the loss first, then its gradient")


def svm_loss_naive(W, X, y, reg):
    """Return the multiclass hinge loss of a linear classifier and its gradient, with loops.

    The scores of a sample are X[i] W. Each wrong class costs max(0, its score - the true class's
    score + 1). The loss is the mean over the samples, plus reg times the sum of W squared.

    Args:
        W: (D, C).
        X: (N, D).
        y: (N,), labels 0..C-1.
        reg: strength of the penalty.

    Returns:
        loss: a number.
        dW: (D, C).
    """
    raise NotImplementedError("write the loss first, then its gradient")


class TwoLayerNet:
    """A classifier with one hidden layer: affine, ReLU, affine, softmax.

    ``self.params`` is a dict of W1 (D, H), b1 (H,), W2 (H, C) and b2 (C,).
    """

    def __init__(self, input_size, hidden_size, output_size, std=1e-4, reg=0.0):
        """Draw small random weights with standard deviation std; the biases begin at zero."""
        raise NotImplementedError("write the constructor first")

    def loss(self, X, y=None, reg=None):
        """Return the scores (N, C) of X (N, D); with labels y (N,), the loss and its gradients.

        The loss is the mean cross-entropy plus reg times the sum of W1 and W2 squared; where reg
        is None, it is the constructor's.

        The gradients are a dict named as self.params.
        """
        raise NotImplementedError("write the scores first, then the loss, then the gradients")


class KNearestNeighbor:
    """A classifier that remembers all training samples."""

    def train(self, X, y):
        """Remember X (N, D) and its labels y (N,)."""
        raise NotImplementedError("remember X and y")

    def compute_distances_two_loops(self, X):
        """Return the Euclidean distances (M, N) of X (M, D) to the training samples, one by one."""
        raise NotImplementedError("two loops, one number at a time")

    def compute_distances_one_loop(self, X):
        """Return the same distances (M, N), a row at a time."""
        raise NotImplementedError("one loop, one row at a time")

    def compute_distances_no_loops(self, X):
        """Return the same distances (M, N), all at once."""
        raise NotImplementedError("no loop: multiply the square of the difference out")

    def predict_labels(self, dists, k=1):
        """Return the most frequent label (M,) of the k nearest; the smallest of those on a tie."""
        raise NotImplementedError("sort, look up the labels, count")
