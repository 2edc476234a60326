"""Maxout as a table of formulas, and the mistakes in it.

maps[k] = x w_k + b_k (K, N, M);  out = the largest of them
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]

FORMULAS: Formulas = {
    "K": lambda q: len(q.w),
    "N": lambda q: len(q.x),
    "maps": lambda q: q.x @ q.w + q.b[:, np.newaxis],
    "out": lambda q: q.maps.max(axis=0),
    # ------------------------------------------------------------------------------- backward
    "mask": lambda q: q.maps == q.maps.max(axis=0),
    "upstream": lambda q: q.dout,
    "dmaps": lambda q: q.upstream * q.mask,
    "dmaps_for_w": lambda q: q.dmaps,
    "dx": lambda q: (q.dmaps @ q.w.transpose(0, 2, 1)).sum(axis=0),
    "dw": lambda q: q.x.T @ q.dmaps_for_w,
    "db": lambda q: q.dmaps.sum(axis=1),
}


def _backward(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
    return {"dout": dout, **cache}


MAXOUT = Family(
    "maxout",
    FORMULAS,
    {
        "maxout_forward": Signature(
            lambda x, w, b: {"x": x, "w": w, "b": b},
            lambda q: (q.out, {"x": q.x, "w": q.w, "b": q.b}),
        ),
        "maxout_backward": Signature(_backward, lambda q: (q.dx, q.dw, q.db)),
    },
)

forward_bug = bugs_of(MAXOUT, "maxout_forward")
bug = bugs_of(MAXOUT, "maxout_backward")


def _only(q: Sheet, place: int) -> Array:
    mask: Array = np.zeros(q.maps.shape)
    mask[place] = 1
    return mask


MAXOUT_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "no_bias",
        "the biases are not used; each map adds its own",
        "which of the three arguments does your output not depend on?",
        maps=lambda q: q.x @ q.w,
    ),
    forward_bug(
        "bias_of_first_map",
        "all maps have the bias of the first one; each has its own",
        "how many biases does each output have?",
        maps=lambda q: q.x @ q.w + q.b[0],
    ),
    forward_bug(
        "bias_after_maximum",
        "the largest product and the largest bias are added up; the biases should be added before "
        "the maximum is taken",
        "which map wins depends on its bias, too",
        out=lambda q: (q.x @ q.w).max(axis=0) + q.b.max(axis=0),
    ),
    forward_bug(
        "sum_of_maps",
        "the maps are added up; the largest one should be taken",
        "what makes this layer different from an affine one?",
        out=lambda q: q.maps.sum(axis=0),
    ),
    forward_bug(
        "mean_of_maps",
        "the maps are averaged; the largest one should be taken",
        "what makes this layer different from an affine one?",
        out=lambda q: q.maps.mean(axis=0),
    ),
    forward_bug(
        "smallest_map",
        "the smallest map is taken; it should be the largest",
        "the name says which one",
        out=lambda q: q.maps.min(axis=0),
    ),
    forward_bug(
        "first_map_alone",
        "only the first map is used; the largest of all should be taken",
        "how many maps do the weights hold?",
        out=lambda q: q.maps[0],
    ),
    forward_bug(
        "first_two_maps",
        "only the first two maps are compared; there may be more",
        "how many maps do the weights hold?",
        out=lambda q: q.maps[:2].max(axis=0),
    ),
    forward_bug(
        "relu_too",
        "0 competes with the maps, so no output is negative; only the maps should",
        "maxout needs no ReLU, it takes its place",
        out=lambda q: np.maximum(q.maps.max(axis=0), 0),
    ),
    forward_bug(
        "largest_absolute_value",
        "the map with the largest absolute value is taken; -5 is less than 1",
        "compare the values, not their sizes",
        out=lambda q: np.take_along_axis(q.maps, np.abs(q.maps).argmax(axis=0)[np.newaxis], 0)[0],
    ),
    forward_bug(
        "maximum_over_outputs",
        "the maximum is taken over the outputs of each map; it should be over the maps",
        "which axis counts the maps?",
        out=lambda q: q.maps.max(axis=2),
    ),
    forward_bug(
        "one_winner_a_sample",
        "one map is chosen for all outputs of a sample; each output should choose for itself",
        "may two outputs of the same sample come from different maps?",
        out=lambda q: q.maps[q.maps.sum(axis=2).argmax(axis=0), np.arange(q.N)],
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "no_upstream",
        "the upstream gradient is missing: the gradients come from the mask alone",
        "chain rule: derivative times what comes from above",
        upstream=lambda q: np.ones_like(q.dout),
    ),
    bug(
        "gradient_to_all_maps",
        "all maps receive the gradient; only the largest one should",
        "how does the output change when a map does that was not the largest?",
        mask=lambda q: np.ones(q.maps.shape),
    ),
    bug(
        "gradient_shared",
        "the maps share the gradient equally; the largest one should receive all of it",
        "how does the output change when a map does that was not the largest?",
        mask=lambda q: np.ones(q.maps.shape) / q.K,
    ),
    bug(
        "gradient_to_smallest",
        "the smallest map receives the gradient; it should be the largest",
        "which map did the output come from?",
        mask=lambda q: q.maps == q.maps.min(axis=0),
    ),
    bug(
        "gradient_to_losers",
        "all maps but the largest receive the gradient; it should be the other way round",
        "which map did the output come from?",
        mask=lambda q: q.maps != q.maps.max(axis=0),
    ),
    bug(
        "gradient_to_first_map",
        "the first map receives the whole gradient; it should go to the largest one",
        "which map did the output come from?",
        mask=lambda q: _only(q, 0),
    ),
    bug(
        "winner_without_bias",
        "the biases are left out when the largest map is looked for on the way back; they belong "
        "to the maps",
        "which map did the output come from?",
        mask=lambda q: q.x @ q.w == (q.x @ q.w).max(axis=0),
    ),
    bug(
        "relu_mask_too",
        "no gradient passes where the output is negative; maxout has no ReLU",
        "how does a negative output change when its map does?",
        mask=lambda q: (q.maps == q.maps.max(axis=0)) & (q.maps > 0),
    ),
    bug(
        "dx_of_last_map",
        "dx comes from the last map alone: each map overwrites the one before; they should add up",
        "does your loop add, or does it assign?",
        dx=lambda q: q.dmaps[-1] @ q.w[-1].T,
    ),
    bug(
        "dx_averaged_over_maps",
        "dx is averaged over the maps; their shares should add up",
        "how does the output change when x does?",
        dx=lambda q: (q.dmaps @ q.w.transpose(0, 2, 1)).mean(axis=0),
    ),
    bug(
        "dx_with_all_weights",
        "the weights of all maps pass the gradient on to dx; only those of the largest one should",
        "how does the output change when x does?",
        dx=lambda q: q.upstream @ q.w.sum(axis=0).T,
    ),
    bug(
        "dw_without_mask",
        "all maps' weights receive the gradient in dw; only those of the largest map should",
        "the mask of dx and db belongs to dw, too",
        dmaps_for_w=lambda q: np.broadcast_to(q.upstream, q.maps.shape),
    ),
    bug(
        "dw_averaged",
        "dw and db are divided by the number of samples; that mean belongs to the loss, and the "
        "upstream gradient contains it",
        "where in the forward pass of this layer is a mean over samples?",
        dw=lambda q: q.x.T @ q.dmaps / q.N,
        db=lambda q: q.dmaps.mean(axis=1),
    ),
    bug(
        "db_without_mask",
        "all maps' biases receive the same gradient; only those of the largest map should",
        "the mask of dw belongs to db, too",
        db=lambda q: np.broadcast_to(q.upstream.sum(axis=0), q.b.shape),
    ),
    bug(
        "db_counts_wins",
        "db counts how often each map was the largest; the upstream gradient is missing in it",
        "chain rule: derivative times what comes from above",
        db=lambda q: q.mask.sum(axis=1),
    ),
    bug(
        "db_mean",
        "db is the mean over the samples; every sample adds its share, so it should be the sum",
        "where in the forward pass of this layer is a mean over samples?",
        db=lambda q: q.dmaps.mean(axis=1),
    ),
    bug(
        "db_over_maps",
        "db is added up over the maps, too; every map has biases of its own",
        "compare the shapes of db and b",
        db=lambda q: q.dmaps.sum(axis=(0, 1)),
    ),
)
