"""The small convolutional net as a table of formulas, and mistakes in it.

X -> conv, padded -> a -> h = max(0, a) -> largest of 2 by 2 -> flat -> scores -> softmax
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature


def _blocks(x: Any) -> Any:
    """(N, F, H, W) -> (N, F, H/2, W/2, 4): the pixels of each window."""
    N, F, H, W = x.shape
    return (
        x.reshape(N, F, H // 2, 2, W // 2, 2)
        .transpose(0, 1, 2, 4, 3, 5)
        .reshape(N, F, H // 2, -1, 4)
    )


def _unblocked(blocks: Any) -> Any:
    N, F, HO, WO, _ = blocks.shape
    return (
        blocks.reshape(N, F, HO, WO, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(N, F, 2 * HO, 2 * WO)
    )


CONVNET_FORMULAS: Formulas = {
    "N": lambda q: len(q.X),
    "K": lambda q: len(q.b2),
    "rows": lambda q: np.arange(q.N),
    # -------------------------------------------------------------------------------- forward
    "kernel": lambda q: q.W1,
    "pad": lambda q: (q.W1.shape[2] - 1) // 2,
    "image": lambda q: np.pad(q.X, ((0, 0), (0, 0), (q.pad, q.pad), (q.pad, q.pad))),
    "windows": lambda q: np.lib.stride_tricks.sliding_window_view(
        q.image, q.W1.shape[2:], axis=(2, 3)
    ),
    "a": lambda q: (
        np.einsum("nchwij,fcij->nfhw", q.windows, q.kernel) + q.b1[:, np.newaxis, np.newaxis]
    ),
    "h": lambda q: np.maximum(q.a, 0),
    "blocks": lambda q: _blocks(q.h),
    "pooled": lambda q: q.blocks.max(axis=-1),
    "flat": lambda q: q.pooled.reshape(q.N, -1),
    "scores": lambda q: q.flat @ q.W2 + q.b2,
    # -------------------------------------------------------------------------------- softmax
    "shifted": lambda q: q.scores - q.scores.max(axis=1, keepdims=True),
    "e": lambda q: np.exp(q.shifted),
    "e_sum": lambda q: q.e.sum(axis=1, keepdims=True),
    "p": lambda q: q.e / q.e_sum,
    "each": lambda q: np.log(q.e_sum[:, 0]) - q.shifted[q.rows, q.y],
    "data_loss": lambda q: q.each.mean(),
    "onehot": lambda q: np.eye(q.K)[q.y],
    "dscores": lambda q: (q.p - q.onehot) / q.N,
    # ------------------------------------------------------------------------- regularisation
    "l2": lambda _: 1,  # a half in courses that halve the penalty
    "penalty": lambda q: q.l2 * q.reg * ((q.W1**2).sum() + (q.W2**2).sum()),
    "dpenalty1": lambda q: 2 * q.l2 * q.reg * q.W1,
    "dpenalty2": lambda q: 2 * q.l2 * q.reg * q.W2,
    "dpenalty_b1": lambda _: 0,
    "dpenalty_b2": lambda _: 0,
    # ------------------------------------------------------------------------------- backward
    "dW2_data": lambda q: q.flat.T @ q.dscores,
    "db2": lambda q: q.dscores.sum(axis=0),
    "dflat": lambda q: q.dscores @ q.W2.T,
    "dpooled": lambda q: q.dflat.reshape(q.pooled.shape),
    "winners": lambda q: q.blocks == q.blocks.max(axis=-1, keepdims=True),
    "dblocks": lambda q: q.winners * q.dpooled[..., np.newaxis],
    "dh": lambda q: _unblocked(q.dblocks),
    "da": lambda q: q.dh * (q.a > 0),
    "dkernel": lambda q: np.einsum("nfhw,nchwij->fcij", q.da, q.windows),
    "db1": lambda q: q.da.sum(axis=(0, 2, 3)),
    "loss": lambda q: q.data_loss + q.penalty,
    "dW1": lambda q: q.dkernel + q.dpenalty1,
    "dW2": lambda q: q.dW2_data + q.dpenalty2,
}


def _given(params: dict[str, Any], X: Any, y: Any = None, reg: float = 0.0) -> dict[str, Any]:
    return {**params, "X": X, "y": y, "reg": reg}


def _loss(q: Sheet) -> tuple[Any, dict[str, Any]]:
    biases = {"b1": q.db1 + q.dpenalty_b1, "b2": q.db2 + q.dpenalty_b2}
    return q.loss, {"W1": q.dW1, "W2": q.dW2, **biases}


CONVNET = Family(
    "convnet",
    CONVNET_FORMULAS,
    {
        "convnet_scores": Signature(_given, lambda q: q.scores),
        "convnet_loss": Signature(_given, _loss),
    },
)

bug = bugs_of(CONVNET, "convnet_scores", "convnet_loss")
loss_bug = bugs_of(CONVNET, "convnet_loss")


def _channels_last(q: Sheet) -> Any:
    return q.pooled.transpose(0, 2, 3, 1).reshape(q.N, -1)


CONVNET_BUGS = (
    # -------------------------------------------------------------------------------- forward
    bug(
        "no_relu",
        "there is no ReLU after the convolution; it should set what is negative to 0",
        "which layers does the net have, in order?",
        h=lambda q: q.a,
        da=lambda q: q.dh,
    ),
    bug(
        "relu_on_scores",
        "the scores go through a ReLU; they should be left as they are",
        "may a score be negative?",
        scores=lambda q: np.maximum(q.flat @ q.W2 + q.b2, 0),
    ),
    bug(
        "average_pooling",
        "the mean of each window is taken; it should be its largest value",
        "this is the other pooling layer",
        pooled=lambda q: q.blocks.mean(axis=-1),
        winners=lambda q: np.full(q.blocks.shape, 0.25),
    ),
    bug(
        "first_pixel_pooling",
        "every second pixel is taken; it should be the largest of each window",
        "which pixel wins?",
        pooled=lambda q: q.blocks[..., 0],
        winners=lambda _: np.arange(4) == 0,
    ),
    bug(
        "no_conv_bias",
        "b1 is not used; the convolution has a bias for each filter",
        "does your result depend on b1?",
        a=lambda q: np.einsum("nchwij,fcij->nfhw", q.windows, q.kernel),
    ),
    bug(
        "no_affine_bias",
        "b2 is not used; the affine layer has a bias for each class",
        "does your result depend on b2?",
        scores=lambda q: q.flat @ q.W2,
    ),
    bug(
        "border_repeated",
        "the padding repeats the pixels at the border; it should be zeros",
        "which values should lie outside the image?",
        image=lambda q: np.pad(q.X, ((0, 0), (0, 0), (q.pad, q.pad), (q.pad, q.pad)), mode="edge"),
    ),
    bug(
        "padded_before_only",
        "the zeros are all above and to the left; they should be on all four sides",
        "which pixels does the window of the first output see?",
        image=lambda q: np.pad(q.X, ((0, 0), (0, 0), (2 * q.pad, 0), (2 * q.pad, 0))),
    ),
    bug(
        "filters_flipped",
        "the filters are turned by 180 degrees; in these layers they are laid on as they are",
        "convolution of mathematics and of neural networks differ",
        kernel=lambda q: q.W1[:, :, ::-1, ::-1],
    ),
    bug(
        "flattened_channels_last",
        "the pooled planes are flattened with the filters last; they should be flattened in the "
        "order in which they lie",
        "to which plane belongs the first row of W2?",
        flat=_channels_last,
        dpooled=lambda q: q.dflat.reshape(q.N, *q.pooled.shape[2:], q.pooled.shape[1]).transpose(
            0, 3, 1, 2
        ),
    ),
    # ----------------------------------------------------------------------------------- loss
    loss_bug(
        "loss_not_averaged",
        "the losses of the samples are summed; it should be their mean (the gradient has it)",
        "should the loss grow with the number of samples?",
        data_loss=lambda q: q.each.sum(),
    ),
    loss_bug(
        "no_batch_mean",
        "the gradient is not divided by the number of samples; the loss is a mean",
        "what becomes of the mean's divisor in the derivative?",
        dscores=lambda q: q.p - q.onehot,
    ),
    loss_bug(
        "nothing_averaged",
        "loss and gradient are summed over the samples; they should be means",
        "should the loss grow with the number of samples?",
        data_loss=lambda q: q.each.sum(),
        dscores=lambda q: q.p - q.onehot,
    ),
    loss_bug(
        "onehot_not_subtracted",
        "1 is not subtracted at the true class; the gradient of the scores is probability minus "
        "one-hot label",
        "in which direction should the true class's score go?",
        dscores=lambda q: q.p / q.N,
    ),
    loss_bug(
        "penalty_missing",
        "the penalty is missing in loss and gradient; reg times the sums of squares belongs there",
        "does your result depend on reg?",
        l2=lambda _: 0,
    ),
    loss_bug(
        "penalty_only_in_gradient",
        "the penalty is in the gradient and missing in the loss; it belongs to both",
        "does your loss depend on reg?",
        penalty=lambda _: 0,
    ),
    loss_bug(
        "penalty_only_in_loss",
        "the penalty is in the loss and missing in the gradient; it belongs to both",
        "does your gradient depend on reg?",
        dpenalty1=lambda _: 0,
        dpenalty2=lambda _: 0,
    ),
    loss_bug(
        "penalty_gradient_halved",
        "the penalty's gradient is half of what belongs to the penalty in the loss",
        "what is the derivative of a square?",
        dpenalty1=lambda q: q.l2 * q.reg * q.W1,
        dpenalty2=lambda q: q.l2 * q.reg * q.W2,
    ),
    loss_bug(
        "filters_not_penalised",
        "only W2 is penalised; W1 should be, too",
        "which parameters are weights?",
        penalty=lambda q: q.l2 * q.reg * (q.W2**2).sum(),
        dpenalty1=lambda _: 0,
    ),
    loss_bug(
        "biases_penalised",
        "the biases are penalised; only the weights should be",
        "which parameters are weights?",
        penalty=lambda q: q.l2 * q.reg * sum((w**2).sum() for w in (q.W1, q.b1, q.W2, q.b2)),
        dpenalty_b1=lambda q: 2 * q.l2 * q.reg * q.b1,
        dpenalty_b2=lambda q: 2 * q.l2 * q.reg * q.b2,
    ),
    # ------------------------------------------------------------------------------- backward
    loss_bug(
        "relu_mask_missing",
        "the gradient passes everywhere through the ReLU; it should only where the convolution's "
        "output is positive",
        "where does the ReLU's output not change?",
        winners=lambda q: np.arange(4) == q.blocks.argmax(axis=-1)[..., np.newaxis],
        da=lambda q: q.dh,
    ),
    loss_bug(
        "gradient_to_every_pixel",
        "every pixel of a window receives the gradient; only the largest should",
        "how does the output change when a pixel that is not the largest does?",
        winners=lambda _: np.ones(4),
    ),
    loss_bug(
        "gradient_shared",
        "the gradient is shared by the four pixels of a window; the largest should receive it",
        "this is the backward pass of the other pooling layer",
        winners=lambda _: np.full(4, 0.25),
    ),
    loss_bug(
        "filter_gradient_flipped",
        "the gradient of the filters is turned by 180 degrees; it should lie as they do",
        "which pixel does a filter's first weight see?",
        dkernel=lambda q: np.einsum("nfhw,nchwij->fcij", q.da, q.windows)[:, :, ::-1, ::-1],
    ),
    loss_bug(
        "filter_gradient_per_pixel",
        "the gradient of the filters is a mean over the pixels; it should be their sum",
        "in how many pixels of the output is each weight used?",
        dkernel=lambda q: (
            np.einsum("nfhw,nchwij->fcij", q.da, q.windows) / (q.a.shape[2] * q.a.shape[3])
        ),
    ),
    loss_bug(
        "conv_bias_gradient_is_mean",
        "the gradient of b1 is a mean over samples and pixels; it should be their sum",
        "in how many pixels of the output is each bias used?",
        db1=lambda q: q.da.mean(axis=(0, 2, 3)),
    ),
    loss_bug(
        "conv_bias_before_relu",
        "the gradient of b1 is that of the ReLU's output; it should go through the ReLU first",
        "is the bias added before or after the ReLU?",
        db1=lambda q: _unblocked(
            (np.arange(4) == q.blocks.argmax(axis=-1)[..., np.newaxis]) * q.dpooled[..., np.newaxis]
        ).sum(axis=(0, 2, 3)),
    ),
    loss_bug(
        "affine_bias_gradient_is_mean",
        "the gradient of b2 is a mean over the samples; the mean is in the scores' gradient "
        "already",
        "where was the mean taken?",
        db2=lambda q: q.dscores.mean(axis=0),
    ),
)
