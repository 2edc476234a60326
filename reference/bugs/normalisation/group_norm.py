"""Group normalisation as a table of formulas, and its mistakes.

The formulas are on groups (N, G, C/G, H W); gamma and beta are brought to (1, G, C/G, 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]


def _grouped(q: Sheet, image: Array) -> Array:
    N, C = image.shape[:2]
    return image.reshape(N, q.G, C // q.G, -1)


def _per_channel(q: Sheet, given: Array) -> Array:
    return given.reshape(1, q.G, -1, 1)


FORMULAS: Formulas = {
    "grouped": lambda q: _grouped(q, q.image),
    "axes": lambda _: (2, 3),
    "mean": lambda q: q.grouped.mean(axis=q.axes, keepdims=True),
    "centred": lambda q: q.grouped - q.mean,
    "var": lambda q: (q.centred**2).mean(axis=q.axes, keepdims=True),
    "std": lambda q: np.sqrt(q.var + q.eps),
    "x_hat": lambda q: q.centred / q.std,
    "scale": lambda q: _per_channel(q, q.gamma),
    "shift": lambda q: _per_channel(q, q.beta),
    "out": lambda q: q.scale * q.x_hat + q.shift,
    # ---------------------------------------------------------------------------------- backward
    "dout": lambda q: _grouped(q, q.upstream),
    "back_std": lambda q: q.std,
    "back_x_hat": lambda q: q.centred / q.back_std,
    "dbeta": lambda q: q.dout.sum(axis=(0, 3)),
    "dgamma": lambda q: (q.dout * q.back_x_hat).sum(axis=(0, 3)),
    "dx_hat": lambda q: q.scale * q.dout,
    "count": lambda q: q.grouped.shape[2] * q.grouped.shape[3],
    "back_axes": lambda _: (2, 3),
    "sums": lambda q: q.dx_hat.sum(axis=q.back_axes, keepdims=True),
    "products": lambda q: (q.dx_hat * q.back_x_hat).sum(axis=q.back_axes, keepdims=True),
    "through_mean": lambda q: -q.sums / q.count,
    "through_var": lambda q: -q.back_x_hat * q.products / q.count,
    "dx": lambda q: (q.dx_hat + q.through_mean + q.through_var) / q.back_std,
}


def _forward(
    x: Array, gamma: Array, beta: Array, G: int, gn_param: Mapping[str, float]
) -> dict[str, Any]:
    return {"image": x, "gamma": gamma, "beta": beta, "G": G, "eps": gn_param.get("eps", 1e-5)}


def _shaped(given: Array, q: Sheet) -> Array:
    return given.reshape(q.gamma.shape)


GROUP_NORM = Family(
    "group_norm",
    FORMULAS,
    {
        "spatial_groupnorm_forward": Signature(
            _forward,
            lambda q: (
                q.out.reshape(q.image.shape),
                {name: getattr(q, name) for name in ("image", "gamma", "G", "eps")},
            ),
        ),
        "spatial_groupnorm_backward": Signature(
            lambda dout, cache: {"upstream": dout, **cache},
            lambda q: (
                q.dx.reshape(q.image.shape),
                _shaped(q.dgamma, q),
                _shaped(q.dbeta, q),
            ),
        ),
    },
)

_GROUP = "which values of an image belong to one group, and how many are they?"
_WAYS = "in how many ways does a value of x reach the outputs?"
_DIVIDED = "which number did the forward pass divide by?"


def _with_deviation(q: Sheet, std: Array) -> Array:
    """The dx of a forward pass that divides by ``std``."""
    parts = {name: getattr(q, name) for name in ("dx_hat", "centred", "count", "back_axes")}
    dx: Array = Sheet(FORMULAS, {**parts, "back_std": std}).dx
    return dx


def _standardised(groups: Array, eps: float, axes: tuple[int, ...]) -> Array:
    mean, var = groups.mean(axis=axes, keepdims=True), groups.var(axis=axes, keepdims=True)
    standard: Array = (groups - mean) / np.sqrt(var + eps)
    return standard


def _with_groups_of_size_g(q: Sheet) -> Array:
    N, C = q.image.shape[:2]
    if C % q.G:
        raise ValueError("the channels do not fall into such groups")
    groups = q.image.reshape(N, C // q.G, q.G, -1)
    return _standardised(groups, q.eps, (2, 3)).reshape(q.grouped.shape)


def _interleaved(q: Sheet) -> Array:
    N, C = q.image.shape[:2]
    groups = q.image.reshape(N, C // q.G, q.G, -1)
    return _standardised(groups, q.eps, (1, 3)).reshape(q.grouped.shape)


forward = bugs_of(GROUP_NORM, "spatial_groupnorm_forward")
backward = bugs_of(GROUP_NORM, "spatial_groupnorm_backward")

GROUP_NORM_BUGS = (
    # ----------------------------------------------------------------------------------- forward
    forward(
        "statistics_of_pixels",
        "mean and variance are those of each pixel over the channels of its group; they are those "
        "of all pixels of the group",
        _GROUP,
        x_hat=lambda q: _standardised(q.grouped, q.eps, (2,)),
    ),
    forward(
        "statistics_of_channels",
        "each channel has a mean and variance of its own; all channels of a group share them",
        _GROUP,
        x_hat=lambda q: _standardised(q.grouped, q.eps, (3,)),
    ),
    forward(
        "statistics_of_images",
        "all channels of an image share one mean and variance; each group of channels has its own",
        _GROUP,
        x_hat=lambda q: _standardised(q.grouped, q.eps, (1, 2, 3)),
    ),
    forward(
        "statistics_over_batch",
        "the images of the batch share mean and variance; each image has its own",
        "does an output depend on the other images of the batch?",
        x_hat=lambda q: _standardised(q.grouped, q.eps, (0, 2, 3)),
    ),
    forward(
        "groups_of_size_g",
        "there are G channels in each group; there are G groups",
        "what does G count?",
        x_hat=_with_groups_of_size_g,
    ),
    forward(
        "groups_interleaved",
        "every G-th channel belongs to the same group; a group is made of neighbouring channels",
        "which channels are in the first group?",
        x_hat=_interleaved,
    ),
    forward(
        "no_eps",
        "eps is not used; it is added to the variance before the root is taken",
        "what would an image do whose pixels are all the same?",
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
        "eps is always 1e-5; it is the one that gn_param holds",
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
        "the variance is divided by one less than the number of values; group normalisation "
        "divides by their number",
        "what does ddof mean in NumPy's variance?",
        var=lambda q: (q.centred**2).sum(axis=(2, 3), keepdims=True) / (q.count - 1),
    ),
    forward(
        "gamma_and_beta_missing",
        "gamma and beta are not used; the standardised values are scaled by gamma and shifted by "
        "beta",
        "which of the arguments does your code never read?",
        out=lambda q: q.x_hat,
    ),
    # ---------------------------------------------------------------------------------- backward
    backward(
        "gamma_applied_last",
        "gamma is multiplied to the finished dx; it differs between the channels of a group, so it "
        "belongs inside",
        "which of the factors can be taken out of a mean over several channels?",
        dx_hat=lambda q: q.dout,
        dx=lambda q: q.scale * FORMULAS["dx"](q),
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
        "dx lacks the part that goes through the mean of the group",
        _WAYS,
        through_mean=lambda _: 0.0,
    ),
    backward(
        "variance_path_missing",
        "dx lacks the part that goes through the variance of the group",
        _WAYS,
        through_var=lambda _: 0.0,
    ),
    backward(
        "variance_path_reversed",
        "the part of dx that goes through the variance has the wrong sign",
        "does an output grow or shrink when the variance grows?",
        through_var=lambda q: -FORMULAS["through_var"](q),
    ),
    backward(
        "backward_sums_of_pixels",
        "the sums in dx run over the channels of each pixel; they run over all pixels of the group",
        _GROUP,
        back_axes=lambda _: (2,),
        count=lambda q: q.grouped.shape[2],
    ),
    backward(
        "backward_sums_of_channels",
        "the sums in dx run over each channel by itself; they run over all channels of the group",
        _GROUP,
        back_axes=lambda _: (3,),
        count=lambda q: q.grouped.shape[3],
    ),
    backward(
        "backward_sums_over_batch",
        "the sums in dx run over all images; each image has its own",
        "does an output depend on the other images of the batch?",
        back_axes=lambda _: (0, 2, 3),
        count=lambda q: q.grouped.size // q.grouped.shape[1],
    ),
    backward(
        "counts_image",
        "the sums in dx are divided by the number of values of a whole image; a group has fewer",
        _GROUP,
        count=lambda q: q.grouped[0].size,
    ),
    backward(
        "counts_samples_and_pixels",
        "the sums in dx are divided by images times rows times columns, as in batch normalisation; "
        "a group has another number of values",
        _GROUP,
        count=lambda q: q.grouped.shape[0] * q.grouped.shape[3],
    ),
    backward(
        "counts_pixels",
        "the sums in dx are divided by rows times columns; a group has several channels",
        _GROUP,
        count=lambda q: q.grouped.shape[3],
    ),
    backward(
        "sums_not_divided",
        "the sums in dx are not divided by the number of values of a group",
        "how much does the mean change when one value changes by 1?",
        count=lambda _: 1,
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
        "dgamma_from_x",
        "dgamma uses x; gamma was multiplied by the standardised values",
        "what does gamma stand beside in the forward pass?",
        dgamma=lambda q: (q.dout * q.grouped).sum(axis=(0, 3)),
    ),
    backward(
        "dgamma_of_one_image",
        "dgamma and dbeta are those of the last image; they add up all images",
        "is the new value added to what is there, or put in its place?",
        dgamma=lambda q: (q.dout * q.back_x_hat)[-1].sum(axis=2),
        dbeta=lambda q: q.dout[-1].sum(axis=2),
    ),
    backward(
        "dgamma_and_dbeta_averaged",
        "dgamma and dbeta are means over images and pixels; they are sums",
        "every value that gamma scaled sends a gradient back",
        dgamma=lambda q: (q.dout * q.back_x_hat).mean(axis=(0, 3)),
        dbeta=lambda q: q.dout.mean(axis=(0, 3)),
    ),
)
