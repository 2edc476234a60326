"""CS231n's FullyConnectedNet with one or two hidden layers as a table of formulas, and mistakes.

    X -> z1 = flat W1 + b1 -> h1 = max(0, z1) [-> z2 = h1 W2 + b2 -> h2 = max(0, z2)] -> scores

A net with batch normalisation has one hidden layer here: z1 -> a1 = gamma1 n + beta1 -> h1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.cs231n.net_penalties import PENALTY_FORMULAS, penalty_bugs
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.softmax_bugs import SOFTMAX_FORMULAS

_EPS: Final = 1e-5
_MOMENTUM: Final = 0.9

FULLY_CONNECTED_FORMULAS: Formulas = {
    "N": lambda q: len(q.X),
    "C": lambda q: len(q.b_last),
    "of_batch": lambda q: q.y is not None,
    # -------------------------------------------------------------------------------- forward
    "flat": lambda q: q.X.reshape(q.N, -1),
    "z1": lambda q: q.flat @ q.W1 + q.b1,
    "pre": lambda q: q.z1,
    "mean": lambda q: q.pre.mean(axis=0) if q.of_batch else q.running_mean,
    "var": lambda q: q.pre.var(axis=0) if q.of_batch else q.running_var,
    "n": lambda q: (q.pre - q.mean) / np.sqrt(q.var + _EPS),
    "a1": lambda q: q.gamma1 * q.n + q.beta1 if q.normalised else q.pre,
    "h1": lambda q: np.maximum(q.a1, 0),
    "z2": lambda q: q.h1 @ q.W2 + q.b2,
    "h2": lambda q: np.maximum(q.z2, 0),
    "last": lambda q: q.h2 if q.deep else q.h1,
    "scores": lambda q: q.last @ q.W_last + q.b_last,
    "answer": lambda q: q.scores,
    **SOFTMAX_FORMULAS,
    **PENALTY_FORMULAS,
    # ------------------------------------------------------------------------------- backward
    "dlast": lambda q: q.dscores @ q.W_last.T,
    "dz2": lambda q: q.dlast * (q.z2 > 0),
    "dh1": lambda q: q.dz2 @ q.W2.T if q.deep else q.dlast,
    "da1": lambda q: q.dh1 * (q.a1 > 0),
    "dgamma1": lambda q: (q.da1 * q.n).sum(axis=0),
    "dbeta1": lambda q: q.da1.sum(axis=0),
    "dn": lambda q: q.da1 * q.gamma1,
    "dpre": lambda q: (
        (q.dn - q.dn.mean(axis=0) - q.n * (q.dn * q.n).mean(axis=0)) / np.sqrt(q.var + _EPS)
        if q.normalised
        else q.da1
    ),
    "dz1": lambda q: q.dpre,
    "dweights_data": lambda q: (
        q.flat.T @ q.dz1,
        *([q.h1.T @ q.dz2] if q.deep else []),
        q.last.T @ q.dscores,
    ),
    "dbiases_data": lambda q: (
        q.dz1.sum(axis=0),
        *([q.dz2.sum(axis=0)] if q.deep else []),
        q.dscores.sum(axis=0),
    ),
}


class Net:
    """What a constructor makes: sizes are only needed by one that draws weights."""

    def __init__(self, strength: float, normalised: bool) -> None:
        self.params: dict[str, Any] = {}
        self.strength = strength
        self.normalised = normalised
        self.running: tuple[Any, Any] | None = None


def _made(options: Mapping[str, Any]) -> dict[str, Any]:
    return {"net": Net(options.get("reg", 0.0), bool(options.get("normalization")))}


def _given(net: Net, X: Any, y: Any = None) -> dict[str, Any]:
    params, last = net.params, sum(name.startswith("W") for name in net.params)
    nothing = np.zeros(len(params["b1"]))
    running_mean, running_var = net.running or (nothing, nothing)
    return {
        **params,
        "net": net,
        "X": X,
        "y": y,
        "strength": net.strength,
        "normalised": net.normalised,
        "running_mean": running_mean,
        "running_var": running_var,
        "deep": last > 2,
        "W_last": params[f"W{last}"],
        "b_last": params[f"b{last}"],
        "weights": tuple(params[f"W{i + 1}"] for i in range(last)),
        "biases": tuple(params[f"b{i + 1}"] for i in range(last)),
    }


def _returned(q: Sheet) -> Any:
    if q.y is None:
        return q.answer
    grads = {f"W{i}": dw for i, dw in enumerate(q.dweights, 1)}
    grads |= {f"b{i}": db for i, db in enumerate(q.dbiases, 1)}
    if q.normalised:
        grads |= {"gamma1": q.dgamma1, "beta1": q.dbeta1}
        q.net.running = (
            _MOMENTUM * q.running_mean + (1 - _MOMENTUM) * q.mean,
            _MOMENTUM * q.running_var + (1 - _MOMENTUM) * q.var,
        )
    return q.loss, grads


FULLY_CONNECTED = Family(
    "fully_connected_net",
    FULLY_CONNECTED_FORMULAS,
    {
        "FullyConnectedNet:known": Signature(_made, lambda q: q.net),
        "FullyConnectedNet.loss": Signature(_given, _returned),
    },
)

bug = bugs_of(FULLY_CONNECTED, "FullyConnectedNet.loss")


def _scores(q: Sheet) -> Any:
    return FULLY_CONNECTED_FORMULAS["scores"](q)


FULLY_CONNECTED_BUGS = (
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
        "no_hidden_relu",
        "there is no ReLU behind the hidden layers; without one, the net is a single linear layer",
        "what happens to the negative values of a hidden layer?",
        h1=lambda q: q.a1,
        h2=lambda q: q.z2,
        da1=lambda q: q.dh1,
        dz2=lambda q: q.dlast,
    ),
    bug(
        "relu_behind_first_only",
        "only the first hidden layer has a ReLU; each hidden layer should have one",
        "which layers does your loop go through?",
        h2=lambda q: q.z2,
        dz2=lambda q: q.dlast,
    ),
    bug(
        "no_relu_behind_first",
        "the first hidden layer has no ReLU; each hidden layer should have one",
        "which layers does your loop go through?",
        h1=lambda q: q.a1,
        da1=lambda q: q.dh1,
    ),
    bug(
        "no_biases",
        "the biases are not used; each affine layer has one",
        "do your scores depend on b1?",
        z1=lambda q: q.flat @ q.W1,
        z2=lambda q: q.h1 @ q.W2,
        scores=lambda q: q.last @ q.W_last,
    ),
    bug(
        "no_last_bias",
        "the bias of the last layer is not used; each affine layer has one",
        "do your scores depend on the last bias?",
        scores=lambda q: q.last @ q.W_last,
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
        "relu_mask_missing",
        "the gradient passes the ReLUs where they were off; it should pass only where a hidden "
        "layer is positive",
        "what is the derivative of ReLU at -1?",
        da1=lambda q: q.dh1,
        dz2=lambda q: q.dlast,
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
    # ---------------------------------------------------------------------------- batch norm
    bug(
        "batchnorm_missing",
        "the net is asked for batch normalisation and does without; it belongs between each "
        "hidden layer's affine map and its ReLU",
        "do your scores depend on gamma1?",
        a1=lambda q: q.pre,
        dpre=lambda q: q.da1,
    ),
    bug(
        "batchnorm_after_relu",
        "batch normalisation comes behind the ReLU; it belongs between the affine map and the ReLU",
        "in which order does the description of the net name its layers?",
        pre=lambda q: np.maximum(q.z1, 0),
        h1=lambda q: q.a1,
        da1=lambda q: q.dh1,
        dz1=lambda q: q.dpre * (q.z1 > 0),
    ),
    bug(
        "batch_statistics_at_test",
        "without labels, batch normalisation still takes the batch's own mean and variance; it "
        "should be in test mode",
        "which mode do your layers have when y is None?",
        of_batch=lambda _: True,
    ),
    bug(
        "batchnorm_skipped_at_test",
        "without labels, there is no batch normalisation; in test mode it takes the running mean "
        "and variance",
        "which layers does your net have when y is None?",
        a1=lambda q: FULLY_CONNECTED_FORMULAS["a1"](q) if q.of_batch else q.pre,
    ),
    *penalty_bugs(bug),
)
