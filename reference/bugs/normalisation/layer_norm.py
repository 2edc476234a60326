"""Layer normalisation as a table of formulas, and its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]


def _mean(x: Array) -> Array:
    mean: Array = x.mean(axis=1, keepdims=True)
    return mean


FORMULAS: Formulas = {
    "mean": lambda q: _mean(q.x),
    "centred": lambda q: q.x - q.mean,
    "var": lambda q: _mean(q.centred**2),
    "std": lambda q: np.sqrt(q.var + q.eps),
    "x_hat": lambda q: q.centred / q.std,
    "out": lambda q: q.gamma * q.x_hat + q.beta,
    # ---------------------------------------------------------------------------------- backward
    "back_std": lambda q: q.std,
    "back_x_hat": lambda q: q.centred / q.back_std,
    "dbeta": lambda q: q.dout.sum(axis=0),
    "dgamma": lambda q: (q.dout * q.back_x_hat).sum(axis=0),
    "dx_hat": lambda q: q.gamma * q.dout,
    "through_mean": lambda q: -_mean(q.dx_hat),
    "through_var": lambda q: -q.back_x_hat * _mean(q.dx_hat * q.back_x_hat),
    "dx": lambda q: (q.dx_hat + q.through_mean + q.through_var) / q.back_std,
}


def _forward(x: Array, gamma: Array, beta: Array, ln_param: Mapping[str, float]) -> dict[str, Any]:
    return {"x": x, "gamma": gamma, "beta": beta, "eps": ln_param.get("eps", 1e-5)}


LAYER_NORM = Family(
    "layer_norm",
    FORMULAS,
    {
        "layernorm_forward": Signature(
            _forward, lambda q: (q.out, {name: getattr(q, name) for name in ("x", "gamma", "eps")})
        ),
        "layernorm_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache}, lambda q: (q.dx, q.dgamma, q.dbeta)
        ),
    },
)

_AXIS = "which values of the table belong to one sample?"
_WAYS = "in how many ways does a value of x reach the outputs?"
_DIVIDED = "which number did the forward pass divide by?"


def _with_deviation(q: Sheet, std: Array) -> Array:
    """The dx of a forward pass that divides by ``std``."""
    parts = {name: getattr(q, name) for name in ("dx_hat", "centred")}
    dx: Array = Sheet(FORMULAS, {**parts, "back_std": std}).dx
    return dx


forward = bugs_of(LAYER_NORM, "layernorm_forward")
backward = bugs_of(LAYER_NORM, "layernorm_backward")

LAYER_NORM_BUGS = (
    # ----------------------------------------------------------------------------------- forward
    forward(
        "statistics_of_features",
        "mean and variance are those of each feature over the batch, as in batch normalisation; "
        "they are those of each sample over its features",
        _AXIS,
        x_hat=lambda q: (q.x - q.x.mean(axis=0)) / np.sqrt(q.x.var(axis=0) + q.eps),
    ),
    forward(
        "statistics_of_everything",
        "one mean and one variance are taken over the whole table; each sample has its own",
        _AXIS,
        mean=lambda q: q.x.mean(),
        var=lambda q: q.x.var(),
    ),
    forward(
        "no_eps",
        "eps is not used; it is added to the variance before the root is taken",
        "what would a sample do whose features are all the same?",
        std=lambda q: np.sqrt(q.var),
    ),
    forward(
        "eps_outside_root",
        "eps is added to the standard deviation, after the root; it is added to the variance, "
        "under the root",
        "where exactly in the formula does eps stand?",
        std=lambda q: np.sqrt(q.var) + q.eps,
    ),
    forward(
        "eps_fixed",
        "eps is always 1e-5; it is the one that ln_param holds",
        "which of the parameters does your code never read?",
        std=lambda q: np.sqrt(q.var + 1e-5),
    ),
    forward(
        "var_for_std",
        "the values are divided by the variance; they are divided by its root",
        "which power of the values has the same unit as the values?",
        std=lambda q: q.var + q.eps,
    ),
    forward(
        "sample_variance",
        "the variance is divided by D - 1; layer normalisation divides by D, the number of "
        "features",
        "what does ddof mean in NumPy's variance?",
        var=lambda q: (q.centred**2).sum(axis=1, keepdims=True) / (q.x.shape[1] - 1),
    ),
    forward(
        "variance_not_centred",
        "the variance is the mean of the squares; the mean is to be subtracted before squaring",
        "what is the variance of values that are all 5?",
        var=lambda q: _mean(q.x**2),
    ),
    forward(
        "gamma_and_beta_missing",
        "gamma and beta are not used; the standardised values are scaled by gamma and shifted by "
        "beta",
        "which of the arguments does your code never read?",
        out=lambda q: q.x_hat,
    ),
    forward(
        "beta_scaled",
        "beta is added before the multiplication by gamma; gamma scales the standardised values "
        "only",
        "which comes first, the scale or the shift?",
        out=lambda q: q.gamma * (q.x_hat + q.beta),
    ),
    # ---------------------------------------------------------------------------------- backward
    backward(
        "batch_norm_reused",
        "dx is batch normalisation's: its means run over the batch; they run over the features of "
        "each sample",
        _AXIS,
        through_mean=lambda q: -q.dx_hat.mean(axis=0),
        through_var=lambda q: -q.back_x_hat * (q.dx_hat * q.back_x_hat).mean(axis=0),
    ),
    backward(
        "gamma_applied_last",
        "gamma is multiplied to the finished dx; it differs between the features that are averaged "
        "over, so it belongs inside",
        "which of the factors can be taken out of a mean over the features?",
        dx_hat=lambda q: q.dout,
        dx=lambda q: q.gamma * FORMULAS["dx"](q),
    ),
    backward(
        "gamma_missing",
        "gamma is missing in dx; the gradient passes through the scaling first",
        "chain rule: derivative times what comes from above",
        dx_hat=lambda q: q.dout,
    ),
    backward(
        "statistics_constant",
        "dx is what it would be if mean and variance were constants; they depend on x, too",
        _WAYS,
        dx=lambda q: q.dx_hat / q.back_std,
    ),
    backward(
        "mean_path_missing",
        "dx lacks the part that goes through the mean of the sample",
        _WAYS,
        through_mean=lambda _: 0.0,
    ),
    backward(
        "variance_path_missing",
        "dx lacks the part that goes through the variance of the sample",
        _WAYS,
        through_var=lambda _: 0.0,
    ),
    backward(
        "divided_by_samples",
        "the sums in dx are divided by the number of samples; they run over the features",
        "how many values went into the mean of a sample?",
        through_mean=lambda q: -q.dx_hat.sum(axis=1, keepdims=True) / len(q.x),
        through_var=lambda q: (
            -q.back_x_hat * (q.dx_hat * q.back_x_hat).sum(axis=1, keepdims=True) / len(q.x)
        ),
    ),
    backward(
        "sums_not_divided",
        "the sums in dx are not divided by the number of features",
        "how much does the mean change when one value changes by 1?",
        through_mean=lambda q: -q.dx_hat.sum(axis=1, keepdims=True),
        through_var=lambda q: -q.back_x_hat * (q.dx_hat * q.back_x_hat).sum(axis=1, keepdims=True),
    ),
    backward(
        "variance_path_reversed",
        "the part of dx that goes through the variance has the wrong sign",
        "does an output grow or shrink when the variance grows?",
        through_var=lambda q: -FORMULAS["through_var"](q),
    ),
    backward(
        "backward_without_eps",
        "eps is missing in dx; the deviation is the forward pass's",
        _DIVIDED,
        dx=lambda q: _with_deviation(q, np.sqrt(q.var)),
    ),
    backward(
        "backward_without_eps_in_factor",
        "eps is missing in the factor in front of dx; the deviation is the forward pass's",
        _DIVIDED,
        dx=lambda q: FORMULAS["dx"](q) * q.std / np.sqrt(q.var),
    ),
    backward(
        "backward_without_eps_at_all",
        "eps is missing in dx and dgamma; the deviation is the forward pass's",
        _DIVIDED,
        back_std=lambda q: np.sqrt(q.var),
    ),
    backward(
        "not_divided_by_deviation",
        "dx is not divided by the deviation",
        "chain rule: derivative times what comes from above",
        dx=lambda q: FORMULAS["dx"](q) * q.back_std,
    ),
    backward(
        "dgamma_and_dbeta_over_features",
        "dgamma and dbeta are sums over the features, one for each sample; they are sums over the "
        "samples, one for each feature",
        "compare their shapes with those of gamma and beta",
        dgamma=lambda q: (q.dout * q.back_x_hat).sum(axis=1),
        dbeta=lambda q: q.dout.sum(axis=1),
    ),
    backward(
        "dgamma_from_x",
        "dgamma uses x; gamma was multiplied by the standardised values",
        "what does gamma stand beside in the forward pass?",
        dgamma=lambda q: (q.dout * q.x).sum(axis=0),
    ),
    backward(
        "dgamma_and_dbeta_averaged",
        "dgamma and dbeta are means over the samples; they are sums",
        "every sample that gamma scaled sends a gradient back",
        dgamma=lambda q: FORMULAS["dgamma"](q) / len(q.x),
        dbeta=lambda q: FORMULAS["dbeta"](q) / len(q.x),
    ),
)
