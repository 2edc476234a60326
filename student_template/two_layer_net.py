"""A classifier with two layers: affine, ReLU, affine, and a softmax loss.

Work from top to bottom: ``init_params``, ``forward``, ``loss``, ``predict``. After each function,
``grade check`` says what is right and which mistake to mend first.

The parameters are a dict of NumPy arrays, all float64; compute in float64, too, which is what NumPy
does when left alone:

    W1 (D, H)   b1 (H,)     first layer:  D inputs -> H hidden neurons
    W2 (H, C)   b2 (C,)     second layer: H hidden neurons -> C class scores

N is the number of samples in a batch, and it can be 1. Do not change the arrays you are given:
they belong to whoever called you.
"""

import numpy as np


def init_params(input_size, hidden_size, num_classes, seed=0):
    """Make the parameters that training starts from.

    Small random weights and zero biases are a good start: the scores are then all close to 0, every
    class is about equally probable, and the loss is close to ln(num_classes). The same seed gives
    the same parameters; ``np.random.default_rng(seed)`` is a convenient source.

    Args:
        input_size: D, the number of inputs.
        hidden_size: H, the number of hidden neurons.
        num_classes: C, the number of classes.
        seed: an int that decides the random numbers.

    Returns:
        dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,), all float64.
    """
    raise NotImplementedError("start here: write init_params, then forward")


def forward(params, X):
    """Compute the class scores of a batch: affine, ReLU, affine.

    The hidden layer is the ReLU of an affine map of X by W1 and b1; the scores are an affine map of
    the hidden layer by W2 and b2. There is no ReLU and no softmax on the scores.

    Args:
        params: the dict that init_params makes.
        X: (N, D), one sample a row.

    Returns:
        scores (N, C): one row a sample, one column a class.
    """
    raise NotImplementedError("write forward first, then loss")


def loss(params, X, y, reg=0.0):
    """Compute the loss of a batch and its gradients.

    The loss is the mean over the N samples of -ln(the probability that softmax gives to the right
    class), plus the L2 term ``reg * (sum of W1**2 + sum of W2**2)``. Biases are not regularised.
    Scores may be as large as 1000: see to it that no exponential overflows.

    The gradient of each parameter has the parameter's shape and tells how the loss, as it is
    returned, changes with it: with the mean over the samples, and with the L2 term.

    While the gradients are not written, return ``loss, {}``: the loss is then marked on its own.

    Args:
        params: the dict that init_params makes.
        X: (N, D), one sample a row.
        y: (N,), the right classes, ints 0 .. C-1.
        reg: the strength of the L2 term.

    Returns:
        loss: a float.
        grads: dict with W1 (D, H), b1 (H,), W2 (H, C), b2 (C,).
    """
    raise NotImplementedError("write forward first, then loss")


def predict(params, X):
    """Name the most probable class of each sample.

    Args:
        params: the dict that init_params makes.
        X: (N, D), one sample a row.

    Returns:
        labels (N,): ints 0 .. C-1.
    """
    raise NotImplementedError("write forward first, then predict")
