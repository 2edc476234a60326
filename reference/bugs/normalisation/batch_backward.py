"""Mistakes in batch normalisation's backward pass."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.normalisation.batch_formulas import BATCH_NORM, FORMULAS, Array, total
from reference.bugs.sheet import Sheet

bug = bugs_of(
    BATCH_NORM, "batchnorm_backward", "batchnorm_backward_alt", "spatial_batchnorm_backward"
)

_WAYS = "in how many ways does a value of x reach the outputs?"
_CHAIN = "chain rule: derivative times what comes from above"
_DIVIDED = "which number did the forward pass divide by?"


def _with_deviation(q: Sheet, std: Array) -> Array:
    """The dx of a forward pass that divides by ``std``."""
    parts = {name: getattr(q, name) for name in ("dx_hat", "centred", "M")}
    dx: Array = Sheet(FORMULAS, {**parts, "back_std": std}).dx
    return dx


BATCH_NORM_BACKWARD_BUGS = (
    # ---------------------------------------------------------------------------- dx: the ways
    bug(
        "statistics_constant",
        "dx is what it would be if mean and variance were constants; they depend on x, too",
        _WAYS,
        dx=lambda q: q.direct,
    ),
    bug(
        "mean_path_missing",
        "dx lacks the part that goes through the mean of the batch",
        _WAYS,
        dx=lambda q: q.direct + q.through_var,
    ),
    bug(
        "variance_path_missing",
        "dx lacks the part that goes through the variance of the batch",
        _WAYS,
        dx=lambda q: q.direct + q.through_mean,
    ),
    bug(
        "only_mean_and_variance_paths",
        "dx has only the parts that go through mean and variance; the direct one is missing",
        _WAYS,
        dx=lambda q: q.through_var + q.through_mean,
    ),
    bug(
        "mean_path_reversed",
        "the part of dx that goes through the mean has the wrong sign",
        "the mean is subtracted: what does that do to its derivative?",
        dmean=lambda q: -FORMULAS["dmean"](q),
    ),
    bug(
        "variance_path_reversed",
        "the part of dx that goes through the variance has the wrong sign",
        "does an output grow or shrink when the variance grows?",
        dvar=lambda q: -FORMULAS["dvar"](q),
    ),
    bug(
        "mean_path_not_divided",
        "the part of dx that goes through the mean is not divided by the number of values",
        "how much does the mean change when one value changes by 1?",
        through_mean=lambda q: q.dmean,
    ),
    bug(
        "variance_path_not_divided",
        "the part of dx that goes through the variance is not divided by the number of values",
        "how much does the variance change when one value changes by a little?",
        through_var=lambda q: 2 * q.dvar * q.centred,
    ),
    bug(
        "batch_parts_not_divided",
        "the parts of dx that go through mean and variance are not divided by the number of "
        "values: look for a misplaced parenthesis",
        "which of the three parts does the factor 1/N belong to?",
        through_mean=lambda q: q.dmean,
        through_var=lambda q: 2 * q.dvar * q.centred,
    ),
    bug(
        "all_parts_divided",
        "all of dx is divided by the number of values; the direct part is not a mean",
        "which of the three parts does the factor 1/N belong to?",
        direct=lambda q: FORMULAS["direct"](q) / q.M,
    ),
    bug(
        "batch_parts_not_scaled",
        "only the direct part of dx is divided by the deviation; the parts that go through mean "
        "and variance are, too: look for a misplaced parenthesis",
        "which of the three parts does the factor in front belong to?",
        dx=lambda q: q.direct + (q.through_var + q.through_mean) * q.back_std,
    ),
    bug(
        "batch_sums_missing",
        "the parts of dx that go through mean and variance use each value's own gradient; they "
        "use the sum over the batch",
        "every output of a feature depends on that feature's mean",
        dvar=lambda q: q.dx_hat * q.centred / (-2 * q.back_std**3),
        dmean=lambda q: -q.dx_hat / q.back_std,
    ),
    bug(
        "variance_path_half",
        "the part of dx that goes through the variance is half as large as it should be",
        "what are the derivatives of a square and of a power of -1/2?",
        through_var=lambda q: q.dvar * q.centred / q.M,
    ),
    bug(
        "variance_path_double",
        "the part of dx that goes through the variance is twice as large as it should be",
        "what are the derivatives of a square and of a power of -1/2?",
        dvar=lambda q: 2 * FORMULAS["dvar"](q),
    ),
    bug(
        "variance_path_other_power",
        "the part of dx that goes through the variance has the wrong power of the deviation",
        "what is the derivative of the power -1/2 of something?",
        dvar=lambda q: total(q.dx_hat * q.centred) / (-2 * q.back_std),
    ),
    bug(
        "variance_path_from_x",
        "the part of dx that goes through the variance uses x; it uses x minus the mean",
        "what is squared in the variance?",
        through_var=lambda q: 2 * q.dvar * q.x / q.M,
    ),
    bug(
        "x_hat_missing_in_sum",
        "the sum in the last part of dx lacks the standardised values",
        "which sum is also dgamma?",
        through_var=lambda q: -q.back_x_hat * total(q.dx_hat) / q.back_std / q.M,
    ),
    bug(
        "x_hat_missing_after_sum",
        "the last part of dx is the same for all values of a feature; it is multiplied by each "
        "value's own standardised one",
        "how does the variance depend on one value?",
        through_var=lambda q: -total(q.dx_hat * q.back_x_hat) / q.back_std / q.M,
    ),
    # ------------------------------------------------------------------------ gamma, eps, others
    bug(
        "gamma_missing_in_dx",
        "gamma is missing in dx; the gradient passes through the scaling first",
        _CHAIN,
        dx_hat=lambda q: q.dout,
    ),
    bug(
        "gamma_squared",
        "gamma is in dx twice; the gradient passes through the scaling once",
        _CHAIN,
        dx_hat=lambda q: q.gamma**2 * q.dout,
    ),
    bug(
        "gamma_in_direct_part_only",
        "gamma is only in the direct part of dx; it is in the parts that go through mean and "
        "variance, too",
        _CHAIN,
        direct=lambda q: q.gamma * q.dout / q.back_std,
        dx_hat=lambda q: q.dout,
    ),
    bug(
        "backward_without_eps",
        "eps is missing in dx; the deviation is the forward pass's",
        _DIVIDED,
        dx=lambda q: _with_deviation(q, np.sqrt(q.var)),
    ),
    bug(
        "backward_without_eps_in_factor",
        "eps is missing in the factor in front of dx; the deviation is the forward pass's",
        _DIVIDED,
        dx=lambda q: FORMULAS["dx"](q) * q.std / np.sqrt(q.var),
    ),
    bug(
        "backward_without_eps_at_all",
        "eps is missing in dx and dgamma; the deviation is the forward pass's",
        _DIVIDED,
        back_std=lambda q: np.sqrt(q.var),
    ),
    bug(
        "backward_without_eps_in_variance_path",
        "eps is missing in the part of dx that goes through the variance",
        _DIVIDED,
        dvar=lambda q: total(q.dx_hat * q.centred) / (-2 * np.sqrt(q.var) ** 3),
    ),
    bug(
        "backward_eps_outside_root",
        "in dx eps is added after the root; the deviation is the forward pass's",
        _DIVIDED,
        dx=lambda q: _with_deviation(q, np.sqrt(q.var) + q.eps),
    ),
    bug(
        "not_divided_by_deviation",
        "dx is not divided by the deviation",
        _CHAIN,
        dx=lambda q: FORMULAS["dx"](q) * q.back_std,
    ),
    bug(
        "divided_by_variance",
        "dx is divided by the variance; it is divided by the deviation",
        _DIVIDED,
        dx=lambda q: FORMULAS["dx"](q) / q.back_std,
    ),
    # -------------------------------------------------------------------------- dgamma and dbeta
    bug(
        "dgamma_from_x",
        "dgamma uses x; gamma was multiplied by the standardised values",
        "what does gamma stand beside in the forward pass?",
        dgamma=lambda q: total(q.dout * q.x),
    ),
    bug(
        "dgamma_from_centred",
        "dgamma uses x minus the mean; gamma was multiplied by that divided by the deviation",
        "what does gamma stand beside in the forward pass?",
        dgamma=lambda q: total(q.dout * q.centred),
    ),
    bug(
        "dgamma_times_gamma",
        "dgamma contains gamma; the derivative of a product by one factor is the other factor",
        "what does gamma stand beside in the forward pass?",
        dgamma=lambda q: q.gamma * FORMULAS["dgamma"](q),
    ),
    bug(
        "dgamma_without_x_hat",
        "dgamma is the sum of the upstream gradient; gamma was multiplied by the standardised "
        "values",
        _CHAIN,
        dgamma=lambda q: total(q.dout),
    ),
    bug(
        "dgamma_and_dbeta_averaged",
        "dgamma and dbeta are means over the batch; they are sums",
        "every value that gamma scaled sends a gradient back",
        dgamma=lambda q: FORMULAS["dgamma"](q) / q.M,
        dbeta=lambda q: FORMULAS["dbeta"](q) / q.M,
    ),
    bug(
        "dbeta_averaged",
        "dbeta is a mean over the batch; it is the sum",
        "every value that beta shifted sends a gradient back",
        dbeta=lambda q: FORMULAS["dbeta"](q) / q.M,
    ),
    bug(
        "dbeta_times_gamma",
        "dbeta contains gamma; beta is added after the scaling",
        "what happens to an output when beta grows by 1?",
        dbeta=lambda q: q.gamma * FORMULAS["dbeta"](q),
    ),
    bug(
        "dgamma_and_dbeta_exchanged",
        "dgamma and dbeta are exchanged",
        "in which order are the gradients returned?",
        dgamma=FORMULAS["dbeta"],
        dbeta=FORMULAS["dgamma"],
    ),
)

_spatial = bugs_of(BATCH_NORM, "spatial_batchnorm_backward")

SPATIAL_BACKWARD_BUGS = (
    _spatial(
        "backward_counts_samples",
        "the means in dx are divided by the number of images; each channel has as many values as "
        "images times rows times columns",
        "how many values went into the mean of a channel?",
        through_mean=lambda q: q.dmean / q.x.shape[0],
        through_var=lambda q: 2 * q.dvar * q.centred / q.x.shape[0],
    ),
    _spatial(
        "backward_reshaped_without_transpose",
        "the gradient is reshaped to C columns as it lies in memory, so that channels are mixed; "
        "the channel axis has to come last first",
        "print a small array of which every value tells its channel, before and after",
        dout=lambda q: (
            q.upstream.reshape(-1, q.x.shape[1])
            .reshape(q.x.shape[0], q.x.shape[2], -1)
            .transpose(0, 2, 1)
        ),
        dx=lambda q: FORMULAS["dx"](q).transpose(0, 2, 1),
    ),
    _spatial(
        "backward_transposed_there_only",
        "the channel axis is moved last before the gradient is computed, and dx is not moved back: "
        "its values lie in the wrong places",
        "undo what you did to the axes in the opposite order",
        dx=lambda q: FORMULAS["dx"](q).transpose(0, 2, 1),
    ),
    _spatial(
        "backward_sums_over_samples_only",
        "the sums of the backward pass run over the images only; a channel's run over rows and "
        "columns, too",
        "over which three of the four axes were the statistics taken?",
        dmean=lambda q: -q.dx_hat.sum(axis=0) / q.back_std,
        dvar=lambda q: (q.dx_hat * q.centred).sum(axis=0) / (-2 * q.back_std**3),
    ),
    _spatial(
        "dgamma_and_dbeta_over_samples_only",
        "dgamma and dbeta add up one pixel of each image; they add up all rows and columns",
        "compare their shapes with those of gamma and beta",
        dgamma=lambda q: (q.dout * q.back_x_hat)[:, :, 0].sum(axis=0)[:, np.newaxis],
        dbeta=lambda q: q.dout[:, :, 0].sum(axis=0)[:, np.newaxis],
    ),
)
