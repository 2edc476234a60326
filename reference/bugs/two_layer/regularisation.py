"""Mistakes in the L2 penalty and its gradient; all are invisible without regularisation."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Sheet
from reference.bugs.two_layer.formulas import FORMULAS, TWO_LAYER

bug = bugs_of(TWO_LAYER, "loss")


def _nothing(_: Sheet) -> float:
    return 0.0


REGULARISATION_BUGS = (
    # ------------------------------------------------------------------------------- factor 2
    bug(
        "l2_gradient_half",
        "the loss adds reg * sum(W**2), whose gradient is 2 * reg * W; this one has reg * W",
        "differentiate the term you added to the loss, factor included",
        dpenalty1=lambda q: q.reg * q.W1,
        dpenalty2=lambda q: q.reg * q.W2,
    ),
    bug(
        "l2_loss_half",
        "the penalty is halved in the loss; here it is reg * sum(W**2), without a factor 1/2",
        "some courses halve the penalty; this homework's docstring does not",
        penalty=lambda q: 0.5 * FORMULAS["penalty"](q),
    ),
    bug(
        "l2_half",
        "the penalty is halved, in the loss and in the gradient; here it is reg * sum(W**2) "
        "without a factor 1/2",
        "some courses halve the penalty; this homework's docstring does not",
        penalty=lambda q: 0.5 * FORMULAS["penalty"](q),
        dpenalty1=lambda q: q.reg * q.W1,
        dpenalty2=lambda q: q.reg * q.W2,
    ),
    # -------------------------------------------------------------------------------- missing
    bug(
        "l2_missing_in_loss",
        "the L2 penalty is missing in the loss",
        "where does your code use reg?",
        penalty=_nothing,
    ),
    bug(
        "l2_missing_in_gradient",
        "the gradient of the L2 penalty is missing",
        "differentiate every term of the loss",
        dpenalty1=_nothing,
        dpenalty2=_nothing,
    ),
    bug(
        "l2_missing",
        "the L2 penalty is missing, in the loss and in the gradient",
        "where does your code use reg?",
        penalty=_nothing,
        dpenalty1=_nothing,
        dpenalty2=_nothing,
    ),
    bug(
        "l2_only_W1",
        "only W1 is penalised; W2 should be, too",
        "the penalty has a term for each weight matrix",
        penalty=lambda q: q.reg * (q.W1**2).sum(),
        dpenalty2=_nothing,
    ),
    bug(
        "l2_only_W2",
        "only W2 is penalised; W1 should be, too",
        "the penalty has a term for each weight matrix",
        penalty=lambda q: q.reg * (q.W2**2).sum(),
        dpenalty1=_nothing,
    ),
    # ------------------------------------------------------------------------------ divided by N
    bug(
        "l2_loss_divided_by_N",
        "the penalty is divided by N in the loss; only the data's part is a mean over the batch",
        "should the penalty depend on the size of the batch?",
        penalty=lambda q: FORMULAS["penalty"](q) / q.N,
    ),
    bug(
        "l2_gradient_divided_by_N",
        "the gradient of the penalty is divided by N; only the data's part is a mean over the "
        "batch",
        "is the division by N before or after the penalty's gradient is added?",
        dpenalty1=lambda q: 2 * q.reg * q.W1 / q.N,
        dpenalty2=lambda q: 2 * q.reg * q.W2 / q.N,
    ),
    bug(
        "l2_divided_by_N",
        "the penalty is divided by N, in the loss and in the gradient; only the data's part is a "
        "mean over the batch",
        "should the penalty depend on the size of the batch?",
        penalty=lambda q: FORMULAS["penalty"](q) / q.N,
        dpenalty1=lambda q: 2 * q.reg * q.W1 / q.N,
        dpenalty2=lambda q: 2 * q.reg * q.W2 / q.N,
    ),
    bug(
        "l2_half_divided_by_N",
        "the penalty is divided by 2 N, in the loss and in the gradient; here it is "
        "reg * sum(W**2), without either",
        "some courses divide the penalty; this homework's docstring does not",
        penalty=lambda q: 0.5 * FORMULAS["penalty"](q) / q.N,
        dpenalty1=lambda q: q.reg * q.W1 / q.N,
        dpenalty2=lambda q: q.reg * q.W2 / q.N,
    ),
    bug(
        "l2_gradient_in_divisor",
        "the gradient is divided by (N + reg * W): the penalty's gradient slipped into the "
        "divisor; it should be added after the division",
        "a /= b + c divides by the whole right-hand side",
        dW1=lambda q: q.N * q.dW1_data / (q.N + q.reg * q.W1),
        dW2=lambda q: q.N * q.dW2_data / (q.N + q.reg * q.W2),
    ),
    # ----------------------------------------------------------------------------- another term
    bug(
        "l2_gradient_on_biases",
        "the gradients of the biases have a penalty's term; here only W1 and W2 are penalised",
        "the docstring of loss says which parameters the penalty is for",
        db1=lambda q: q.dz1.sum(axis=0) + 2 * q.reg * q.b1,
        db2=lambda q: q.dscores.sum(axis=0) + 2 * q.reg * q.b2,
    ),
    bug(
        "l2_on_biases",
        "the biases are penalised, too; here only W1 and W2 are",
        "the docstring of loss says which parameters the penalty is for",
        penalty=lambda q: FORMULAS["penalty"](q) + q.reg * ((q.b1**2).sum() + (q.b2**2).sum()),
        db1=lambda q: q.dz1.sum(axis=0) + 2 * q.reg * q.b1,
        db2=lambda q: q.dscores.sum(axis=0) + 2 * q.reg * q.b2,
    ),
    bug(
        "l2_matrix_square",
        "the penalty squares the matrix (W times its transpose, summed); it should square each "
        "entry",
        "for NumPy, @ and dot are matrix products and * is entry by entry",
        penalty=lambda q: q.reg * ((q.W1 @ q.W1.T).sum() + (q.W2 @ q.W2.T).sum()),
    ),
    bug(
        "l2_not_squared",
        "the penalty is the sum of the weights; it should be the sum of their squares",
        "can your penalty be negative?",
        penalty=lambda q: q.reg * (q.W1.sum() + q.W2.sum()),
    ),
    bug(
        "l2_square_root",
        "the penalty is the norm of the weights, with its square root; it should be the sum of "
        "squares",
        "what does norm return?",
        penalty=lambda q: q.reg * (np.sqrt((q.W1**2).sum()) + np.sqrt((q.W2**2).sum())),
    ),
    bug(
        "l2_mean",
        "the penalty is the mean of the squared weights; it should be their sum",
        "should the penalty of a larger net be larger?",
        penalty=lambda q: q.reg * ((q.W1**2).mean() + (q.W2**2).mean()),
    ),
    bug(
        "l1",
        "the penalty is the sum of absolute values (L1), in the loss and in the gradient; it "
        "should be that of squares (L2)",
        "the docstring of loss gives the penalty",
        penalty=lambda q: q.reg * (np.abs(q.W1).sum() + np.abs(q.W2).sum()),
        dpenalty1=lambda q: q.reg * np.sign(q.W1),
        dpenalty2=lambda q: q.reg * np.sign(q.W2),
    ),
    bug(
        "l2_gradient_summed",
        "the same number, reg * sum(W), is added to every entry of the gradient; each entry has "
        "its own weight's share",
        "differentiate the penalty with respect to a single weight",
        dpenalty1=lambda q: q.reg * q.W1.sum(),
        dpenalty2=lambda q: q.reg * q.W2.sum(),
    ),
    bug(
        "l2_gradient_replaces",
        "the gradient of the penalty replaces that of the data; it should be added to it",
        "is the new value added to what is there, or put in its place?",
        dW1=lambda q: q.dpenalty1,
        dW2=lambda q: q.dpenalty2,
    ),
    bug(
        "l2_gradient_subtracted",
        "the gradient of the penalty is subtracted; the loss adds the penalty, so its gradient "
        "is added, too",
        "which sign has the penalty in the loss?",
        dW1=lambda q: q.dW1_data - q.dpenalty1,
        dW2=lambda q: q.dW2_data - q.dpenalty2,
    ),
)
