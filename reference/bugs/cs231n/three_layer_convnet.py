"""CS231n's ThreeLayerConvNet as a table of formulas, and mistakes in it.

X -> conv, padded -> a -> h = max(0, a) -> largest of 2 by 2 -> flat -> z -> max(0, z) -> scores
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.classifiers.convnet import CONVNET_FORMULAS
from reference.bugs.cs231n.net_penalties import PENALTY_FORMULAS, penalty_bugs
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.softmax_bugs import SOFTMAX_FORMULAS

_SHARED = (
    *("N", "kernel", "pad", "image", "windows", "a", "h", "blocks", "pooled", "flat"),
    *("dpooled", "winners", "dblocks", "dh", "da", "dkernel", "db1"),
)

THREE_LAYER_FORMULAS: Formulas = {
    **{name: CONVNET_FORMULAS[name] for name in _SHARED},
    "C": lambda q: len(q.b3),
    # -------------------------------------------------------------------------------- forward
    "z": lambda q: q.flat @ q.W2 + q.b2,
    "hidden": lambda q: np.maximum(q.z, 0),
    "scores": lambda q: q.hidden @ q.W3 + q.b3,
    "answer": lambda q: q.scores,
    **SOFTMAX_FORMULAS,
    **PENALTY_FORMULAS,
    # ------------------------------------------------------------------------------- backward
    "dhidden": lambda q: q.dscores @ q.W3.T,
    "dz": lambda q: q.dhidden * (q.z > 0),
    "dflat": lambda q: q.dz @ q.W2.T,
    "dweights_data": lambda q: (q.dkernel, q.flat.T @ q.dz, q.hidden.T @ q.dscores),
    "dbiases_data": lambda q: (q.db1, q.dz.sum(axis=0), q.dscores.sum(axis=0)),
}


class Net:
    """What a constructor makes: sizes are only needed by one that draws weights."""

    def __init__(self, strength: float) -> None:
        self.params: dict[str, Any] = {}
        self.strength = strength


def _made(options: Mapping[str, Any]) -> dict[str, Any]:
    return {"net": Net(options.get("reg", 0.0))}


def _given(net: Net, X: Any, y: Any = None) -> dict[str, Any]:
    params = net.params
    return {
        **params,
        "X": X,
        "y": y,
        "strength": net.strength,
        "weights": (params["W1"], params["W2"], params["W3"]),
        "biases": (params["b1"], params["b2"], params["b3"]),
    }


def _returned(q: Sheet) -> Any:
    if q.y is None:
        return q.answer
    grads = {f"W{i}": dw for i, dw in enumerate(q.dweights, 1)}
    return q.loss, grads | {f"b{i}": db for i, db in enumerate(q.dbiases, 1)}


THREE_LAYER = Family(
    "three_layer_convnet",
    THREE_LAYER_FORMULAS,
    {
        "ThreeLayerConvNet:known": Signature(_made, lambda q: q.net),
        "ThreeLayerConvNet.loss": Signature(_given, _returned),
    },
)

bug = bugs_of(THREE_LAYER, "ThreeLayerConvNet.loss")


def _scores(q: Sheet) -> Any:
    return THREE_LAYER_FORMULAS["scores"](q)


def _valid(q: Sheet) -> Any:
    """The image as it lies when all of the padding is behind and below."""
    return np.pad(q.X, ((0, 0), (0, 0), (0, 2 * q.pad), (0, 2 * q.pad)))


THREE_LAYER_BUGS = (
    # -------------------------------------------------------------------------------- forward
    bug(
        "relu_on_scores",
        "the scores pass through a ReLU; the last layer has no activation but the softmax",
        "may a score be negative?",
        scores=lambda q: np.maximum(_scores(q), 0),
    ),
    bug(
        "relu_on_scores_and_back",
        "the scores pass through a ReLU, and their gradient through its mask; the last layer has "
        "no activation but the softmax",
        "is the last layer one of the hidden ones?",
        scores=lambda q: np.maximum(_scores(q), 0),
        dscores=lambda q: SOFTMAX_FORMULAS["dscores"](q) * (q.scores > 0),
    ),
    bug(
        "no_relu_behind_affine",
        "there is no ReLU behind the first affine layer; it belongs between the two",
        "which layers does the net have, in order?",
        hidden=lambda q: q.z,
        dz=lambda q: q.dhidden,
    ),
    bug(
        "no_relu_behind_convolution",
        "there is no ReLU behind the convolution; it should set what is negative to 0",
        "which layers does the net have, in order?",
        h=lambda q: q.a,
        da=lambda q: q.dh,
    ),
    bug(
        "no_relu",
        "there is no ReLU, neither behind the convolution nor between the affine layers; both "
        "belong there",
        "which layers does the net have, in order?",
        h=lambda q: q.a,
        da=lambda q: q.dh,
        hidden=lambda q: q.z,
        dz=lambda q: q.dhidden,
    ),
    bug(
        "padded_before_only",
        "the zeros are all above and to the left; they should be on all four sides",
        "which pixels does the window of the first output see?",
        image=lambda q: np.pad(q.X, ((0, 0), (0, 0), (2 * q.pad, 0), (2 * q.pad, 0))),
    ),
    bug(
        "padded_behind_only",
        "the zeros are all below and to the right; they should be on all four sides",
        "which pixels does the window of the first output see?",
        image=_valid,
    ),
    bug(
        "flattened_filters_last",
        "the pooled planes are flattened with the filters last; they should be flattened in the "
        "order in which they lie",
        "to which plane belongs the first row of W2?",
        flat=lambda q: q.pooled.transpose(0, 2, 3, 1).reshape(q.N, -1),
        dpooled=lambda q: q.dflat.reshape(q.N, *q.pooled.shape[2:], q.pooled.shape[1]).transpose(
            0, 3, 1, 2
        ),
    ),
    bug(
        "average_pooling",
        "the mean of each window is taken; it should be its largest value",
        "this is the other pooling layer",
        pooled=lambda q: q.blocks.mean(axis=-1),
        winners=lambda q: np.full(q.blocks.shape, 0.25),
    ),
    bug(
        "no_convolution_bias",
        "b1 is not used; the convolution has a bias for each filter",
        "does your result depend on b1?",
        a=lambda q: np.einsum("nchwij,fcij->nfhw", q.windows, q.kernel),
    ),
    bug(
        "probabilities_returned",
        "without labels the net returns probabilities; it should return the scores before the "
        "softmax",
        "do the rows of what you return add up to 1?",
        answer=lambda q: q.p,
    ),
    # ------------------------------------------------------------------------------- backward
    bug(
        "no_mask_behind_affine",
        "the gradient passes the ReLU between the affine layers where it was off; it should pass "
        "only where the hidden layer is positive",
        "what is the derivative of ReLU at -1?",
        dz=lambda q: q.dhidden,
    ),
    bug(
        "no_mask_behind_convolution",
        "the gradient passes the ReLU behind the convolution where it was off; it should pass "
        "only where the convolution's output is positive",
        "where does the ReLU's output not change?",
        winners=lambda q: np.arange(4) == q.blocks.argmax(axis=-1)[..., np.newaxis],
        da=lambda q: q.dh,
    ),
    bug(
        "gradient_to_every_pixel",
        "every pixel of a pooling window receives the gradient; only the largest should",
        "how does the output change when a pixel that is not the largest does?",
        winners=lambda _: np.ones(4),
    ),
    bug(
        "batch_mean_again",
        "the gradient of the scores is divided by N once more; the loss's gradient has that "
        "division already",
        "count the divisions by N on the way from the scores to the first layer",
        dscores=lambda q: SOFTMAX_FORMULAS["dscores"](q) / q.N,
    ),
    bug(
        "no_batch_mean",
        "the gradient is not averaged over the batch; the loss is a mean over N samples",
        "does your gradient double when the batch is doubled?",
        dscores=lambda q: q.p - q.onehot,
    ),
    *penalty_bugs(bug),
)
