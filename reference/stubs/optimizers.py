"""Update rules.

Most have the form (w, dw, config) -> w, config. ``config`` is a dict of hyperparameters
and of what the rule remembers from step to step. What is absent takes its default; in the first
step, nothing is remembered yet. Return the new weights, and the config for the next step.
"""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "adam_first_t": {"two": {"t (0 at first).": "t (1 at first: it is 2 in the first step)."}},
}


def sgd(w, dw, config=None):
    """Gradient descent: w <- w - learning_rate * dw.

    Args:
        w: any shape, the weights.
        dw: the shape of w, the gradient of the loss.
        config: learning_rate (0.01).

    Returns:
        w: the new weights.
        config: for the next step.
    """
    raise NotImplementedError("write sgd")


def sgd_momentum(w, dw, config=None):
    """Momentum: v <- momentum * v - learning_rate * dw, then w <- w + v.

    Args:
        w: any shape, the weights.
        dw: the shape of w, the gradient of the loss.
        config: learning_rate (0.01), momentum (0.9), velocity (v, zeros at first).

    Returns:
        w: the new weights.
        config: for the next step, with the new velocity.
    """
    raise NotImplementedError("write sgd_momentum")


def nesterov_momentum(w, dw, config=None):
    """Nesterov momentum, written for the weights at which dw was computed.

    v_new <- momentum * v - learning_rate * dw, then
    w <- w - momentum * v + (1 + momentum) * v_new, and v_new is the next step's v.

    Args:
        w: any shape, the weights.
        dw: the shape of w, the gradient of the loss.
        config: learning_rate (0.01), momentum (0.9), velocity (v, zeros at first).

    Returns:
        w: the new weights.
        config: for the next step, with the new velocity.
    """
    raise NotImplementedError("write nesterov_momentum")


def adagrad(w, dw, config=None):
    """AdaGrad: cache <- cache + dw**2, then w <- w - learning_rate * dw / (sqrt(cache) + epsilon).

    Args:
        w: any shape, the weights.
        dw: the shape of w, the gradient of the loss.
        config: learning_rate (0.01), epsilon (1e-8), cache (zeros at first).

    Returns:
        w: the new weights.
        config: for the next step, with the new cache.
    """
    raise NotImplementedError("write adagrad")


def rmsprop(w, dw, config=None):
    """RMSProp: AdaGrad with a moving average of the squares in place of their sum.

    cache <- decay_rate * cache + (1 - decay_rate) * dw**2, then
    w <- w - learning_rate * dw / (sqrt(cache) + epsilon).

    Args:
        w: any shape, the weights.
        dw: the shape of w, the gradient of the loss.
        config: learning_rate (0.01), decay_rate (0.99), epsilon (1e-8), cache (zeros at first).

    Returns:
        w: the new weights.
        config: for the next step, with the new cache.
    """
    raise NotImplementedError("write rmsprop")


def adam(w, dw, config=None):
    """Adam, with bias correction: moving averages m of dw and v of dw**2 that start at zero.

    t <- t + 1, m <- beta1 * m + (1 - beta1) * dw, v <- beta2 * v + (1 - beta2) * dw**2, then
    w <- w - learning_rate * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + epsilon).

    Args:
        w: any shape, the weights.
        dw: the shape of w, the gradient of the loss.
        config: learning_rate (0.001), beta1 (0.9), beta2 (0.999), epsilon (1e-8), m and v (zeros at
            first), t (0 at first).

    Returns:
        w: the new weights.
        config: for the next step, with the new m, v and t.
    """
    raise NotImplementedError("write adam")


def alexnet_update(w, dw, config=None):
    """The rule of the AlexNet paper: momentum, and weights that decay.

    v <- momentum * v - weight_decay * learning_rate * w - learning_rate * dw, then w <- w + v.

    Args:
        w: any shape, the weights.
        dw: the shape of w, the gradient of the loss.
        config: learning_rate (0.01), momentum (0.9), weight_decay (0.0005), velocity (v, zeros at
            first).

    Returns:
        w: the new weights.
        config: for the next step, with the new velocity.
    """
    raise NotImplementedError("write alexnet_update")


def lbfgs_direction(grad, s_history, y_history):
    """The direction in which L-BFGS searches, by the two-loop recursion.

    Start with q = grad. From the newest pair (s, y) to the oldest: alpha = (s @ q) / (y @ s), and q
    loses alpha * y. Scale q by (s @ y) / (y @ y) of the newest pair. From the oldest pair to the
    newest: beta = (y @ q) / (y @ s), and q gains (alpha - beta) * s, with that pair's alpha. The
    direction is -q; without history it is -grad.

    Args:
        grad: (D,), the gradient at the current point.
        s_history: list of the last steps, each (D,), the oldest first.
        y_history: list of what each step changed in the gradient, each (D,), in the same order.

    Returns:
        direction: (D,).
    """
    raise NotImplementedError("write lbfgs_direction")
