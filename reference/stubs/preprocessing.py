"""What is done to data before training."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "variance_divisor": {
        "n_minus_1": {
            "the mean (over N) of the squared\n    differences from the mean.": (
                "the sum of the squared\n    differences from the mean, divided by N - 1."
            ),
            "a mean over the N samples.": "with a divisor of N - 1.",
        },
    },
}


def zero_centre(X_train, X_test):
    """Subtract the mean of each feature, as it is in the training data.

    Args:
        X_train: (N, D), a sample in each row.
        X_test: (M, D). It may not have a say in what is subtracted.

    Returns:
        train: (N, D).
        test: (M, D).
    """
    raise NotImplementedError("write zero_centre")


def normalise(X_train, X_test):
    """Subtract the mean of each feature and divide by its standard deviation.

    Both are those of the training data, where the variance is the mean (over N) of the squared
    differences from the mean. A feature that is constant in the training
    data is only centred.

    Args:
        X_train: (N, D), a sample in each row.
        X_test: (M, D).

    Returns:
        train: (N, D).
        test: (M, D).
    """
    raise NotImplementedError("write normalise")


def pca_fit(X, k):
    """Find the k directions in which the data varies most.

    They are eigenvectors of the covariance matrix, a mean over the N samples. The sign of a
    direction is free.

    Args:
        X: (N, D), a sample in each row; not centred.
        k: how many directions, at most D.

    Returns:
        mean: (D,), of the samples.
        components: (D, k), a direction of length 1 in each column, largest variance first.
        variances: (k,), the variance along each of them.
    """
    raise NotImplementedError("write pca_fit")


def pca_project(X, mean, components):
    """Coordinates of samples along principal components.

    Args:
        X: (N, D), not centred.
        mean: (D,), as pca_fit found it in the training data.
        components: (D, k), orthonormal columns.

    Returns:
        Z: (N, k).
    """
    raise NotImplementedError("write pca_project")


def pca_reconstruct(Z, mean, components):
    """Samples from their coordinates along principal components: the way back.

    Args:
        Z: (N, k).
        mean: (D,), as pca_fit found it in the training data.
        components: (D, k), orthonormal columns.

    Returns:
        X: (N, D).
    """
    raise NotImplementedError("write pca_reconstruct")


def pca_whiten(X, mean, components, variances, eps):
    """Coordinates along principal components, each divided by sqrt(variance + eps).

    Args:
        X: (N, D), not centred.
        mean: (D,), as pca_fit found it in the training data.
        components: (D, k), orthonormal columns.
        variances: (k,).
        eps: a small number.

    Returns:
        white: (N, k).
    """
    raise NotImplementedError("write pca_whiten")


def zca_whiten(X, mean, components, variances, eps):
    """PCA whitening, turned back to the original axes.

    Args:
        X: (N, D), not centred.
        mean: (D,), as pca_fit found it in the training data.
        components: (D, k), orthonormal columns.
        variances: (k,).
        eps: a small number.

    Returns:
        white: (N, D).
    """
    raise NotImplementedError("write zca_whiten")
