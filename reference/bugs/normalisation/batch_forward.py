"""Mistakes in batch normalisation's forward pass."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.normalisation.batch_formulas import BATCH_NORM, FORMULAS, Array, total
from reference.bugs.sheet import Sheet

bug = bugs_of(BATCH_NORM, "batchnorm_forward", "spatial_batchnorm_forward")


def _standardised(q: Sheet, axes: tuple[int, ...]) -> Array:
    """X with mean 0 and variance 1 along other axes than it should be."""
    mean, var = q.x.mean(axis=axes, keepdims=True), q.x.var(axis=axes, keepdims=True)
    standard: Array = (q.x - mean) / np.sqrt(var + q.eps)
    return standard


_ROOT = "where exactly in the formula does eps stand?"
_SAME = "training and test mode differ in the statistics they use, and in nothing else"
_FOLLOW = "write the update of the running statistics down for momentum 1 and for momentum 0"

BATCH_NORM_FORWARD_BUGS = (
    # ------------------------------------------------------------------------- eps and the root
    bug(
        "no_eps",
        "eps is not used; it is added to the variance before the root is taken, in training and "
        "in test mode",
        "what would a feature do that has the same value everywhere?",
        std=lambda q: np.sqrt(q.var),
        test_std=lambda q: np.sqrt(q.test_var),
    ),
    bug(
        "no_eps_in_training",
        "eps is not used in training mode; it is added to the variance before the root is taken",
        "what would a feature do that has the same value everywhere?",
        std=lambda q: np.sqrt(q.var),
    ),
    bug(
        "no_eps_at_test",
        "eps is not used in test mode; it is added to the running variance before the root is "
        "taken",
        _SAME,
        test_std=lambda q: np.sqrt(q.test_var),
    ),
    bug(
        "eps_outside_root",
        "eps is added to the standard deviation, after the root; it is added to the variance, "
        "under the root",
        _ROOT,
        std=lambda q: np.sqrt(q.var) + q.eps,
        test_std=lambda q: np.sqrt(q.test_var) + q.eps,
    ),
    bug(
        "eps_outside_root_in_training",
        "in training mode eps is added to the standard deviation, after the root; it is added to "
        "the variance, under the root",
        _ROOT,
        std=lambda q: np.sqrt(q.var) + q.eps,
    ),
    bug(
        "eps_outside_root_at_test",
        "in test mode eps is added to the standard deviation, after the root; it is added to the "
        "running variance, under the root",
        _ROOT,
        test_std=lambda q: np.sqrt(q.test_var) + q.eps,
    ),
    bug(
        "eps_fixed",
        "eps is always 1e-5; it is the one that bn_param holds",
        "which of the parameters does your code never read?",
        std=lambda q: np.sqrt(q.var + 1e-5),
        test_std=lambda q: np.sqrt(q.test_var + 1e-5),
    ),
    bug(
        "var_for_std",
        "the values are divided by the variance; they are divided by its root",
        "which power of the values has the same unit as the values?",
        std=lambda q: q.var + q.eps,
        test_std=lambda q: q.test_var + q.eps,
    ),
    bug(
        "var_for_std_in_training",
        "in training mode the values are divided by the variance; they are divided by its root",
        "which power of the values has the same unit as the values?",
        std=lambda q: q.var + q.eps,
    ),
    bug(
        "var_for_std_at_test",
        "in test mode the values are divided by the running variance; they are divided by its root",
        _SAME,
        test_std=lambda q: q.test_var + q.eps,
    ),
    # ------------------------------------------------------------------------------- statistics
    bug(
        "sample_variance",
        "the variance of the batch is divided by N - 1; batch normalisation divides by N, the "
        "number of values",
        "what does ddof mean in NumPy's variance?",
        batch_var=lambda q: total(q.centred**2) / (q.M - 1),
    ),
    bug(
        "variance_not_centred",
        "the variance is the mean of the squares; the mean is to be subtracted before squaring",
        "what is the variance of values that are all 5?",
        batch_var=lambda q: total(q.x**2) / q.M,
    ),
    bug(
        "variance_of_everything",
        "one variance is taken over the whole batch; each feature has its own",
        "along which axis is the variance taken?",
        batch_var=lambda q: np.full_like(q.mean, q.x.var()),
    ),
    bug(
        "statistics_of_everything",
        "one mean and one variance are taken over the whole batch; each feature has its own",
        "along which axis are mean and variance taken?",
        mean=lambda q: np.full((q.x.shape[1], 1), q.x.mean()),
        batch_var=lambda q: np.full_like(q.mean, q.x.var()),
    ),
    bug(
        "mean_not_subtracted",
        "the mean is not subtracted from the values, in training mode; only the division by the "
        "deviation is there",
        "what mean do your outputs have when gamma is 1 and beta is 0?",
        x_hat=lambda q: q.x / q.std,
    ),
    # --------------------------------------------------------------------------- gamma and beta
    bug(
        "gamma_and_beta_missing",
        "gamma and beta are not used; the standardised values are scaled by gamma and shifted by "
        "beta",
        "which of the arguments does your code never read?",
        out_train=lambda q: q.x_hat,
        out_test=lambda q: q.test_x_hat,
    ),
    bug(
        "gamma_and_beta_missing_at_test",
        "gamma and beta are not used in test mode; they are used as in training mode",
        _SAME,
        out_test=lambda q: q.test_x_hat,
    ),
    bug(
        "gamma_missing",
        "gamma is not used; the standardised values are scaled by it",
        "which of the arguments does your code never read?",
        out_train=lambda q: q.x_hat + q.beta,
        out_test=lambda q: q.test_x_hat + q.beta,
    ),
    bug(
        "beta_missing",
        "beta is not used; it is added after the scaling by gamma",
        "which of the arguments does your code never read?",
        out_train=lambda q: q.gamma * q.x_hat,
        out_test=lambda q: q.gamma * q.test_x_hat,
    ),
    bug(
        "beta_scaled",
        "beta is added before the multiplication by gamma; gamma scales the standardised values "
        "only",
        "which comes first, the scale or the shift?",
        out_train=lambda q: q.gamma * (q.x_hat + q.beta),
        out_test=lambda q: q.gamma * (q.test_x_hat + q.beta),
    ),
    bug(
        "gamma_and_beta_exchanged",
        "gamma and beta are exchanged: gamma scales, beta shifts",
        "which of the two should be 1 and which 0, so that nothing happens?",
        out_train=lambda q: q.beta * q.x_hat + q.gamma,
        out_test=lambda q: q.beta * q.test_x_hat + q.gamma,
    ),
    # ---------------------------------------------------------------------- running statistics
    bug(
        "momentum_inverted",
        "momentum weighs the batch's statistics; it weighs the running ones, and 1 - momentum the "
        "batch's",
        _FOLLOW,
        new_mean=lambda q: (1 - q.momentum) * q.running_mean + q.momentum * q.batch_mean,
        new_var=lambda q: (1 - q.momentum) * q.running_var + q.momentum * q.fed_var,
    ),
    bug(
        "running_replaced",
        "the running statistics are replaced by the batch's; they follow them slowly, by momentum",
        _FOLLOW,
        new_mean=lambda q: q.batch_mean,
        new_var=lambda q: q.fed_var,
    ),
    bug(
        "running_never_updated",
        "bn_param holds the same running statistics after a call in training mode as before; each "
        "such call updates them",
        "is what you compute put back into bn_param?",
        updates=lambda _: False,
    ),
    bug(
        "running_added",
        "the batch's statistics are added to the running ones with their full weight; their weight "
        "is 1 - momentum",
        _FOLLOW,
        new_mean=lambda q: q.momentum * q.running_mean + q.batch_mean,
        new_var=lambda q: q.momentum * q.running_var + q.fed_var,
    ),
    bug(
        "running_var_fed_with_deviation",
        "the running variance follows the batch's standard deviation; it follows its variance",
        "what is the test mode going to take the root of?",
        fed_var=lambda q: np.sqrt(q.batch_var),
    ),
    bug(
        "running_var_fed_with_root_and_eps",
        "the running variance follows the root of variance plus eps; it follows the variance",
        "what is the test mode going to take the root of?",
        fed_var=lambda q: np.sqrt(q.batch_var + q.eps),
    ),
    bug(
        "running_var_fed_with_eps",
        "the running variance follows the batch's variance plus eps; eps is added when the root "
        "is taken, and only then",
        "how often is eps added until the test mode has taken its root?",
        fed_var=lambda q: q.batch_var + q.eps,
    ),
    bug(
        "running_var_fed_with_mean",
        "the running variance follows the batch's mean; it follows its variance",
        "compare the two lines that update running statistics",
        fed_var=lambda q: q.batch_mean,
    ),
    bug(
        "running_mean_fed_with_var",
        "the running mean follows the batch's variance; it follows its mean",
        "compare the two lines that update running statistics",
        batch_mean=lambda q: q.batch_var,
    ),
    bug(
        "running_var_only_mean_updated",
        "only the running mean is updated; the running variance is left as it was",
        "compare the two lines that update running statistics",
        new_var=lambda q: q.running_var,
    ),
    bug(
        "momentum_fixed",
        "momentum is always 0.9; it is the one that bn_param holds",
        "which of the parameters does your code never read?",
        new_mean=lambda q: 0.9 * q.running_mean + 0.1 * q.batch_mean,
        new_var=lambda q: 0.9 * q.running_var + 0.1 * q.fed_var,
    ),
    # -------------------------------------------------------------------------------- test mode
    bug(
        "batch_statistics_at_test",
        "in test mode the batch's own mean and variance are used; the running ones are",
        "what would happen to a single sample at test time?",
        test_mean=lambda q: q.mean,
        test_var=lambda q: q.batch_var,
    ),
    bug(
        "test_mean_not_subtracted",
        "in test mode the running mean is not subtracted",
        _SAME,
        test_mean=lambda q: np.zeros_like(q.running_mean),
    ),
    bug(
        "running_updated_at_test",
        "the running statistics are updated in test mode, too; at test time nothing is learnt",
        "should a result depend on which samples were tested before?",
        updates=lambda _: True,
    ),
    bug(
        "standardised_twice_at_test",
        "in test mode the values are standardised by their own statistics first and by the running "
        "ones then; only the running ones are used",
        _SAME,
        test_x_hat=lambda q: (q.x_hat - q.test_mean) / q.test_std,
    ),
)

_table = bugs_of(BATCH_NORM, "batchnorm_forward")

TABLE_FORWARD_BUGS = (
    _table(
        "statistics_of_samples",
        "mean and variance are those of each sample over its features; each feature has its "
        "own, over the batch",
        "along which axis are mean and variance taken?",
        x_hat=lambda q: _standardised(q, (1,)),
    ),
)

_spatial = bugs_of(BATCH_NORM, "spatial_batchnorm_forward")

SPATIAL_FORWARD_BUGS = (
    _spatial(
        "reshaped_without_transpose",
        "the images are reshaped to C columns as they lie in memory, so that channels are mixed; "
        "the channel axis has to come last first",
        "print a small array of which every value tells its channel, before and after",
        x=lambda q: q.image.reshape(-1, q.image.shape[1], 1),
    ),
    _spatial(
        "transposed_there_only",
        "the channel axis is moved last before the normalisation, and not moved back after it: the "
        "values are right and lie in the wrong places",
        "undo what you did to the axes in the opposite order",
        out=lambda q: FORMULAS["out"](q).transpose(0, 2, 1),
    ),
    _spatial(
        "statistics_of_each_image",
        "each image has a mean and variance of its own; those of a channel are taken over all "
        "images of the batch, too",
        "over which three of the four axes are the statistics taken?",
        x_hat=lambda q: _standardised(q, (2,)),
    ),
    _spatial(
        "statistics_of_each_pixel",
        "each pixel has a mean and variance of its own; those of a channel are taken over all its "
        "rows and columns, too",
        "over which three of the four axes are the statistics taken?",
        x_hat=lambda q: _standardised(q, (0,)),
    ),
)
