"""The affine layer as a table of formulas, and the mistakes in it.

out = rows w + b, where rows is x with each sample flattened
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Signature

Array = NDArray[Any]

FORMULAS: Formulas = {
    "N": lambda q: len(q.x),
    "rows": lambda q: q.x.reshape(q.N, -1),
    "product": lambda q: q.rows @ q.w,
    "out": lambda q: q.product + q.b,
    # ------------------------------------------------------------------------------- backward
    "drows": lambda q: q.dout @ q.w.T,
    "dx": lambda q: q.drows.reshape(q.x.shape),
    "dw": lambda q: q.rows.T @ q.dout,
    "db": lambda q: q.dout.sum(axis=0),
}


def _backward(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
    return {"dout": dout, **cache}


AFFINE = Family(
    "affine",
    FORMULAS,
    {
        "affine_forward": Signature(
            lambda x, w, b: {"x": x, "w": w, "b": b},
            lambda q: (q.out, {"x": q.x, "w": q.w, "b": q.b}),
        ),
        "affine_backward": Signature(_backward, lambda q: (q.dx, q.dw, q.db)),
    },
)

forward_bug = bugs_of(AFFINE, "affine_forward")
bug = bugs_of(AFFINE, "affine_backward")

AFFINE_BUGS = (
    # -------------------------------------------------------------------------------- forward
    forward_bug(
        "no_bias",
        "the bias is not used; it should be added to every sample's weighted sums",
        "which of the three arguments does your output not depend on?",
        out=lambda q: q.product,
    ),
    forward_bug(
        "bias_twice",
        "the bias is added twice; once is enough",
        "what should the output be where x is 0?",
        out=lambda q: q.product + 2 * q.b,
    ),
    forward_bug(
        "bias_subtracted",
        "the bias is subtracted; it should be added",
        "what should the output be where x is 0?",
        out=lambda q: q.product - q.b,
    ),
    forward_bug(
        "bias_per_product",
        "the bias is added to every product before they are summed up; it belongs to the sum, once",
        "what should the output be where x is 0?",
        out=lambda q: q.product + q.w.shape[0] * q.b,
    ),
    forward_bug(
        "bias_summed",
        "all biases are added up and given to every output; each output has a bias of its own",
        "what should the output be where x is 0?",
        out=lambda q: q.product + q.b.sum(),
    ),
    forward_bug(
        "weights_transposed",
        "the weights are transposed, which works only where there are as many outputs as inputs; "
        "a column of w belongs to each output",
        "compare the inner sizes of the product with the shapes in the docstring",
        product=lambda q: q.rows @ q.w.T,
    ),
    forward_bug(
        "flattened_across_samples",
        "flattening mixes the samples: values are dealt out to the wrong rows; each row should be "
        "one sample",
        "reshape keeps the order in memory, in which a sample's values lie side by side",
        rows=lambda q: q.x.reshape(-1, q.N).T,
    ),
    forward_bug(
        "relu_too",
        "negative outputs are cut off; an affine layer has no activation",
        "the ReLU is a layer of its own",
        out=lambda q: np.maximum(q.product + q.b, 0),
    ),
    forward_bug(
        "divided_by_inputs",
        "the weighted sum is divided by the number of inputs; it should be a sum, not a mean",
        "what should the output be where all weights and inputs are 1?",
        product=lambda q: q.rows @ q.w / q.w.shape[0],
    ),
    # ------------------------------------------------------------------------------------- db
    bug(
        "db_ones",
        "db is all ones; the upstream gradient is missing in it",
        "chain rule: derivative times what comes from above",
        db=lambda q: np.ones_like(q.b),
    ),
    bug(
        "db_number_of_samples",
        "each entry of db is the number of samples; the upstream gradient is missing in it",
        "chain rule: derivative times what comes from above",
        db=lambda q: q.N * np.ones_like(q.b),
    ),
    bug(
        "db_zero",
        "db is 0, so the biases never learn; they have a gradient like the weights",
        "how does the output change when a bias does?",
        db=lambda q: np.zeros_like(q.b),
    ),
    bug(
        "db_mean",
        "db is the mean over the samples; every sample adds its share, so it should be the sum",
        "where in the forward pass of this layer is a mean over samples?",
        db=lambda q: q.dout.mean(axis=0),
    ),
    bug(
        "db_over_outputs",
        "db is added up over the outputs; it should be over the samples",
        "compare the shapes of db and b",
        db=lambda q: q.dout.sum(axis=1),
    ),
    bug(
        "db_summed_to_scalar",
        "db is a single number: the sum is over the outputs, too; it should be over the samples "
        "only",
        "a sum without an axis adds up everything",
        db=lambda q: q.dout.sum(),
    ),
    bug(
        "db_keepdims",
        "db is a row of shape (1, M); a gradient has the shape of its parameter, (M,)",
        "compare the shapes of db and b",
        db=lambda q: q.dout.sum(axis=0, keepdims=True),
    ),
    bug(
        "db_not_summed",
        "db is the upstream gradient itself, with a row for each sample; the rows should be added "
        "up",
        "compare the shapes of db and b",
        db=lambda q: q.dout,
    ),
    bug(
        "db_of_last_sample",
        "db comes from the last sample alone: each sample overwrites the one before; they should "
        "add up",
        "does your loop add, or does it assign?",
        db=lambda q: q.dout[-1],
    ),
    bug(
        "db_times_bias",
        "db is multiplied by the bias; the derivative of a sum with respect to one of its terms "
        "is 1",
        "how does the output change when a bias grows by 1?",
        db=lambda q: q.dout.sum(axis=0) * q.b,
    ),
    # ------------------------------------------------------------------------------------- dw
    bug(
        "dw_divided_by_batch",
        "dw is divided by the number of samples, db is not; that mean belongs to the loss, and "
        "the upstream gradient contains it",
        "where in the forward pass of this layer is a mean over samples?",
        dw=lambda q: q.rows.T @ q.dout / q.N,
    ),
    bug(
        "divided_by_batch",
        "dw and db are divided by the number of samples; that mean belongs to the loss, and the "
        "upstream gradient contains it",
        "where in the forward pass of this layer is a mean over samples?",
        dw=lambda q: q.rows.T @ q.dout / q.N,
        db=lambda q: q.dout.mean(axis=0),
    ),
    bug(
        "dw_transposed",
        "dw is transposed; a gradient has the shape of its parameter",
        "compare the shapes of dw and w",
        dw=lambda q: q.dout.T @ q.rows,
    ),
    bug(
        "dw_of_last_sample",
        "dw comes from the last sample alone: each sample overwrites the one before; they should "
        "add up",
        "does your loop add, or does it assign?",
        dw=lambda q: np.outer(q.rows[-1], q.dout[-1]),
    ),
    bug(
        "dw_without_upstream",
        "dw is the sum of the inputs alone; the upstream gradient is missing in it",
        "chain rule: derivative times what comes from above",
        dw=lambda q: q.rows.T @ np.ones_like(q.dout),
    ),
    bug(
        "dw_and_dx_swapped",
        "dx and dw stand in each other's place; the order is dx, dw, db",
        "compare the shapes of what you return with those of x and w",
        dx=lambda q: q.rows.T @ q.dout,
        dw=lambda q: q.drows.reshape(q.x.shape),
    ),
    # ------------------------------------------------------------------------------------- dx
    bug(
        "dx_flat",
        "dx has a flat row for each sample; it should have the shape of x",
        "compare the shapes of dx and x",
        dx=lambda q: q.drows,
    ),
    bug(
        "dx_weights_not_transposed",
        "dx uses the weights without their transpose, which works only where there are as many "
        "outputs as inputs",
        "compare the inner sizes of the product with the shapes in the docstring",
        drows=lambda q: q.dout @ q.w,
    ),
    bug(
        "dx_without_upstream",
        "dx is the sum of the weights alone; the upstream gradient is missing in it",
        "chain rule: derivative times what comes from above",
        drows=lambda q: np.ones_like(q.dout) @ q.w.T,
    ),
    bug(
        "dx_averaged",
        "dx is divided by the number of samples; that mean belongs to the loss, and the upstream "
        "gradient contains it",
        "where in the forward pass of this layer is a mean over samples?",
        drows=lambda q: q.dout @ q.w.T / q.N,
    ),
    bug(
        "dx_with_bias",
        "the bias has a part in dx; it is added in the forward pass, so no other gradient depends "
        "on it",
        "how does the derivative of x w + b with respect to x depend on b?",
        drows=lambda q: (q.dout + q.b) @ q.w.T,
    ),
)
