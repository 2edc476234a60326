"""Search for hyperparameters and for architectures. What is random is passed in."""

import numpy as np


def sample_log_uniform(u, low, high):
    """Random numbers on a logarithmic scale: powers of ten with uniform exponents.

    u = 0 gives the exponent low, u = 1 the exponent high, and in between it is proportional.

    Args:
        u: uniform random numbers in 0..1, an array of any shape.
        low: the least exponent; -6 stands for one in a million.
        high: the largest exponent.

    Returns:
        samples: the shape of u.
    """
    raise NotImplementedError("write sample_log_uniform")


def trial_line(val_acc, lr, reg, trial, trials):
    """The line that a search prints for a trial, without a line break.

    Exactly like this: val acc: 0.412000, lr: 1.405206e-04, reg: 4.793564e-01, (1 / 100)

    Args:
        val_acc: accuracy on the validation data, in 0..1.
        lr: learning rate.
        reg: strength of the regularisation.
        trial: number of the trial, counted from 1.
        trials: how many there are.

    Returns:
        line: a string.
    """
    raise NotImplementedError("write trial_line")


def grid_points(first, second):
    """Every combination of the values of two parameters.

    Args:
        first: (A,), the values of the first parameter, which varies slowest.
        second: (B,), the values of the second one.

    Returns:
        points: (A * B, 2), a combination in each row.
    """
    raise NotImplementedError("write grid_points")


def distinct_values(points):
    """How many different values of each parameter a search has tried.

    Args:
        points: (T, P), the P parameters of a trial in each row.

    Returns:
        counts: (P,), whole numbers.
    """
    raise NotImplementedError("write distinct_values")


def best_trial(train_acc, val_acc, test_acc):
    """Choose a trial by its validation accuracy, and report how well it does on test data.

    Args:
        train_acc: (T,), accuracy of each trial on the training data.
        val_acc: (T,), on the validation data.
        test_acc: (T,), on the test data.

    Returns:
        trial: index of the best trial; of equally good ones, the first.
        accuracy: the chosen trial's accuracy on the test data.
    """
    raise NotImplementedError("write best_trial")


def cross_validation_split(n, k, fold):
    """Which samples are trained on and which are held out.

    The n samples are cut into k consecutive folds. When k does not divide n, the first folds have
    one sample more than the others.

    Args:
        n: number of samples.
        k: number of folds.
        fold: which fold is held out, 0..k-1.

    Returns:
        train: the indices of all other samples.
        validation: the indices of the samples of this fold.
    """
    raise NotImplementedError("write cross_validation_split")


def knn_cross_validate(X, y, ks, folds):
    """Accuracy of the k-nearest-neighbour classifier in cross-validation, for several k.

    Neighbours are found by Euclidean distance; on a tie of votes the smallest label wins. The folds
    are those of cross_validation_split, in the order of the samples.

    Args:
        X: (N, D), a sample in each row.
        y: (N,), labels, whole numbers from 0.
        ks: list of K numbers of neighbours.
        folds: how many folds.

    Returns:
        accuracies: (K, folds), on each fold while the others are trained on.
        means: (K,), the mean accuracy over the folds.
    """
    raise NotImplementedError("write knn_cross_validate")


def sample_choices(logits, u):
    """Draw choices at random, with the probabilities softmax(logits).

    The interval 0..1 is divided among the choices, in their order, in parts as long as their
    probabilities; a random number draws the choice in whose part it lies.

    Args:
        logits: (K,), one for each choice.
        u: (T,), uniform random numbers in 0..1.

    Returns:
        choices: (T,), 0..K-1.
    """
    raise NotImplementedError("write sample_choices")


def log_probability(logits, choice):
    """Logarithm of the probability of a choice, and its gradient.

    Args:
        logits: (K,); the probabilities are their softmax.
        choice: the choice that was drawn, 0..K-1.

    Returns:
        log_p: a number.
        dlogits: (K,), the gradient of log_p.
    """
    raise NotImplementedError("write log_probability")


def baseline_advantages(rewards, baseline, decay):
    """By how much each reward is better than the baseline, a moving average of those before it.

    After each reward the baseline keeps the share ``decay`` of itself and takes the rest from that
    reward.

    Args:
        rewards: (T,), in the order in which they came.
        baseline: its value before the first reward.
        decay: in 0..1.

    Returns:
        advantages: (T,).
        baseline: its value after the last reward.
    """
    raise NotImplementedError("write baseline_advantages")


def reinforce_step(logits, choices, advantages, learning_rate):
    """One step of REINFORCE: make choices that were better than expected more probable.

    The direction is the mean, over the trials, of the advantage times the gradient of the
    logarithm of the choice's probability.

    Args:
        logits: (K,), with which all choices were drawn.
        choices: (T,), what was drawn, 0..K-1.
        advantages: (T,).
        learning_rate: what the direction is multiplied by.

    Returns:
        logits: (K,), after the step.
    """
    raise NotImplementedError("write reinforce_step")
