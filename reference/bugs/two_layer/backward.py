"""Mistakes in the backward pass of the two-layer net."""

from __future__ import annotations

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.softmax_bugs import score_gradient_bugs
from reference.bugs.two_layer.formulas import TWO_LAYER

bug = bugs_of(TWO_LAYER, "loss")

BACKWARD_BUGS = (
    # --------------------------------------------------------------------------- mean over N
    bug(
        "no_batch_mean",
        "the gradient is not averaged over the batch",
        "the loss is a mean over N samples; so is its gradient",
        dscores=lambda q: q.p - q.onehot,
    ),
    bug(
        "batch_mean_twice",
        "the gradient is divided by N twice; once is enough",
        "count the divisions by N on the way from the scores to dW1",
        dscores=lambda q: (q.p - q.onehot) / q.N**2,
    ),
    bug(
        "batch_mean_again_in_weights",
        "dW1 and dW2 are divided by N twice, db1 and db2 only once; once is enough",
        "count the divisions by N on the way from the scores to dW1",
        dW1_data=lambda q: q.X.T @ q.dz1 / q.N,
        dW2_data=lambda q: q.h.T @ q.dscores / q.N,
    ),
    bug(
        "batch_mean_again_in_first_layer",
        "dW1 and db1 are divided by N twice, dW2 and db2 only once; once is enough",
        "count the divisions by N on the way from the scores to dW1",
        dz1=lambda q: q.dh * (q.z1 > 0) / q.N,
    ),
    *score_gradient_bugs(bug),
    # ----------------------------------------------------------------------------------- ReLU
    bug(
        "no_relu_mask",
        "the gradient passes the ReLU where it was off (no mask, or one that is always true, "
        "such as h >= 0); it should pass only where the hidden layer is positive",
        "what is the derivative of ReLU at -1?",
        dz1=lambda q: q.dh,
    ),
    bug(
        "relu_mask_inverted",
        "the gradient passes the ReLU where it was off, and is stopped where it was on; it "
        "should be the other way round",
        "what is the derivative of ReLU at -1, and at 1?",
        dz1=lambda q: q.dh * (q.z1 <= 0),
    ),
    bug(
        "relu_mask_from_upstream",
        "the mask asks whether the upstream gradient is positive; it should ask whether the "
        "hidden layer is",
        "ReLU's derivative depends on ReLU's input",
        dz1=lambda q: q.dh * (q.dh > 0),
    ),
    bug(
        "relu_mask_alone",
        "the gradient behind the ReLU is the mask alone; it should be multiplied with the "
        "upstream gradient",
        "chain rule: derivative times what comes from above",
        dz1=lambda q: (q.z1 > 0).astype(q.dh.dtype),
    ),
    bug(
        "times_hidden",
        "the upstream gradient is multiplied by the hidden layer's values; it should be by 1 "
        "where they are positive and 0 elsewhere",
        "what is the derivative of ReLU at 3?",
        dz1=lambda q: q.dh * q.h,
    ),
    bug(
        "sigmoid_derivative",
        "the derivative is h (1 - h), that of a sigmoid; the activation is ReLU",
        "what is the derivative of ReLU at 3?",
        dz1=lambda q: q.dh * q.h * (1 - q.h),
    ),
    bug(
        "tanh_derivative",
        "the derivative is 1 - h^2, that of tanh; the activation is ReLU",
        "what is the derivative of ReLU at 3?",
        dz1=lambda q: q.dh * (1 - q.h**2),
    ),
    bug(
        "db1_before_mask",
        "db1 is taken before the ReLU's mask, dW1 after it; both belong behind the mask",
        "b1 is added before the ReLU, just as X W1",
        db1=lambda q: q.dh.sum(axis=0),
    ),
    bug(
        "dW1_before_mask",
        "dW1 is taken before the ReLU's mask, db1 after it; both belong behind the mask",
        "X W1 is computed before the ReLU, just as b1 is added",
        dW1_data=lambda q: q.X.T @ q.dh,
    ),
    # -------------------------------------------------------------------------------- weights
    bug(
        "dW2_before_relu",
        "dW2 uses the hidden layer before the ReLU; W2 multiplies what comes out of it",
        "which array does W2 multiply in the forward pass?",
        dW2_data=lambda q: q.z1.T @ q.dscores,
    ),
    bug(
        "dW2_from_mask",
        "dW2 uses the ReLU's mask; W2 multiplies the values that come out of the ReLU",
        "which array does W2 multiply in the forward pass?",
        dW2_data=lambda q: (q.z1 > 0).T @ q.dscores,
    ),
    bug(
        "dW1_transposed",
        "dW1 is transposed; a gradient has the shape of its parameter",
        "compare dW1.shape with W1.shape",
        dW1=lambda q: (q.dW1_data + q.dpenalty1).T,
    ),
    bug(
        "dW2_transposed",
        "dW2 is transposed; a gradient has the shape of its parameter",
        "compare dW2.shape with W2.shape",
        dW2=lambda q: (q.dW2_data + q.dpenalty2).T,
    ),
    bug(
        "weights_transposed",
        "dW1 and dW2 are transposed; a gradient has the shape of its parameter",
        "compare the shapes of gradients and parameters",
        dW1=lambda q: (q.dW1_data + q.dpenalty1).T,
        dW2=lambda q: (q.dW2_data + q.dpenalty2).T,
    ),
    # --------------------------------------------------------------------------------- biases
    bug(
        "db_mean",
        "db1 and db2 are means over the batch of gradients that are divided by N already; they "
        "should be sums",
        "every sample adds its share to the bias's gradient",
        db1=lambda q: q.dz1.mean(axis=0),
        db2=lambda q: q.dscores.mean(axis=0),
    ),
    bug(
        "db_not_averaged",
        "db1 and db2 are not averaged over the batch",
        "the loss is a mean over N samples; so is its gradient",
        db1=lambda q: q.N * q.dz1.sum(axis=0),
        db2=lambda q: q.N * q.dscores.sum(axis=0),
    ),
    bug(
        "db_ones",
        "db1 and db2 are all ones; the upstream gradient is missing in them",
        "chain rule: derivative times what comes from above",
        db1=lambda q: np.ones_like(q.b1),
        db2=lambda q: np.ones_like(q.b2),
    ),
    bug(
        "db_zero",
        "db1 and db2 are 0, so the biases never learn; they have gradients like the weights",
        "how does the loss change when a bias does?",
        db1=lambda q: np.zeros_like(q.b1),
        db2=lambda q: np.zeros_like(q.b2),
    ),
    bug(
        "db_keepdims",
        "db1 and db2 are rows of shape (1, n); a gradient has the shape of its parameter, (n,)",
        "compare the shapes of gradients and parameters",
        db1=lambda q: q.dz1.sum(axis=0, keepdims=True),
        db2=lambda q: q.dscores.sum(axis=0, keepdims=True),
    ),
    bug(
        "db_summed_to_scalar",
        "db1 and db2 are single numbers: the sum is over the units, too; it should be over the "
        "samples only",
        "a sum without an axis adds up everything",
        db1=lambda q: q.dz1.sum(),
        db2=lambda q: q.dscores.sum(),
    ),
    bug(
        "db_over_units",
        "db1 and db2 are added up over the units; it should be over the samples",
        "compare the shapes of gradients and parameters",
        db1=lambda q: q.dz1.sum(axis=1),
        db2=lambda q: q.dscores.sum(axis=1),
    ),
)
