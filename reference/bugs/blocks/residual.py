"""Mistakes in residual blocks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.bugs.blocks.convolutions import back, convolution, relu
from reference.bugs.blocks.residual_formulas import (
    PROJECTION,
    PROJECTION_FORMULAS,
    RESIDUAL,
    RESIDUAL_FORMULAS,
)
from reference.bugs.bug import Bug, bugs_of
from reference.bugs.sheet import Formulas, Sheet
from reference.bugs.window_formulas import Array


def _forward_rows(bug: Callable[..., Bug]) -> tuple[Bug, ...]:
    """What goes wrong in both kinds of block."""
    return (
        bug(
            "shortcut_forgotten",
            "the shortcut is not added; the block should learn what is to be added to its input",
            "what should the block give when all its weights are 0?",
            total=lambda q: q.main,
        ),
        bug(
            "relu_before_sum",
            "the last ReLU is applied to the convolutions' output alone, before the shortcut is "
            "added; it should come after the sum",
            "can the output of this block be negative?",
            out=lambda q: relu(q.main) + q.shortcut,
        ),
        bug(
            "relu_before_and_after_sum",
            "a ReLU is applied to the convolutions' output before the shortcut is added, too; only "
            "the sum should go through one",
            "can the block lower a value of its input?",
            out=lambda q: relu(relu(q.main) + q.shortcut),
        ),
        bug(
            "no_final_relu",
            "the sum is returned as it is; it should go through a ReLU",
            "can the output of this block be negative?",
            out=lambda q: q.total,
        ),
        bug(
            "no_inner_relu",
            "no ReLU stands between the two convolutions, so that both together are linear",
            "what lies between the two convolutions?",
            hidden=lambda q: q.first.out,
        ),
        bug(
            "shortcut_from_hidden",
            "what is added is the output of the first convolution; the shortcut should start at "
            "the block's input",
            "what should the block give when all its weights are 0?",
            shortcut=lambda q: q.hidden[:, : q.main.shape[1]],
        ),
        bug(
            "shortcut_averaged",
            "the convolutions' output and the shortcut are averaged; they should be added",
            "what should the block give when all its weights are 0?",
            total=lambda q: (q.main + q.shortcut) / 2,
        ),
        bug(
            "shortcut_multiplied",
            "the convolutions' output and the shortcut are multiplied; they should be added",
            "what should the block give when all its weights are 0?",
            total=lambda q: q.main * q.shortcut,
        ),
        bug(
            "concatenated",
            "the shortcut is put behind the convolutions' output as further channels; the two "
            "should be added",
            "how many channels does the output have?",
            total=lambda q: np.concatenate([q.main, q.shortcut], axis=1),
        ),
        bug(
            "shortcut_subtracted",
            "the shortcut is subtracted from the convolutions' output; it should be added",
            "what should the block give when all its weights are 0?",
            total=lambda q: q.main - q.shortcut,
        ),
        bug(
            "no_biases",
            "the convolutions' biases are not used; each of them adds its own",
            "where does your code read b1 and b2?",
            first=lambda q: convolution(q.x, q.W1, 0 * q.b1, q.stride),
            second=lambda q: convolution(q.hidden, q.W2, 0 * q.b2),
        ),
    )


def _backward_rows(
    bug: Callable[..., Bug], formulas: Formulas, gradients: tuple[str, ...]
) -> tuple[Bug, ...]:
    """What goes wrong in both kinds of block; gradients are those of the parameters."""
    return (
        bug(
            "shortcut_gradient_lost",
            "dx is what comes back through the convolutions alone; the shortcut sends a gradient "
            "back, too",
            "in which two places is x used?",
            dx=lambda q: q.dx_main,
        ),
        bug(
            "main_gradient_lost",
            "dx is what comes back through the shortcut alone; the convolutions send a gradient "
            "back, too",
            "in which two places is x used?",
            dx=lambda q: q.dx_shortcut,
        ),
        bug(
            "final_relu_ignored",
            "the upstream gradient goes into the sum as it is; the ReLU after the sum should stop "
            "it where the sum is negative",
            "which is the last thing that the forward pass does?",
            dtotal=lambda q: q.upstream,
        ),
        bug(
            "shortcut_past_relu",
            "the shortcut's gradient is the upstream gradient; the ReLU after the sum should stop "
            "it where the sum is negative",
            "does the shortcut join before or after the last ReLU?",
            dshortcut=lambda q: q.upstream,
        ),
        bug(
            "main_past_relu",
            "the convolutions are sent the upstream gradient; the ReLU after the sum should stop "
            "it where the sum is negative",
            "do the convolutions join before or after the last ReLU?",
            dmain=lambda q: q.upstream,
        ),
        bug(
            "final_relu_masks_by_main",
            "the last ReLU's gradient is stopped where the convolutions' output is negative; it "
            "should be where the sum is",
            "what is the input of the last ReLU?",
            dtotal=lambda q: q.upstream * (q.main > 0),
        ),
        bug(
            "inner_relu_ignored",
            "the gradient passes between the two convolutions as if no ReLU stood there",
            "what lies between the two convolutions?",
            dfirst=lambda q: q.dhidden,
        ),
        bug(
            "gradient_halved",
            "each of the two ways is sent half the gradient of the sum; each should be sent all of "
            "it",
            "by how much does a sum grow when one of its two terms grows by 1?",
            dmain=lambda q: q.dtotal / 2,
            dshortcut=lambda q: q.dtotal / 2,
        ),
        bug(
            "dW2_before_relu",
            "dW2 uses what the first convolution gives before the ReLU; the second one sees it "
            "after",
            "what is the input of the second convolution?",
            dW2=lambda q: back(convolution(q.first.out, q.W2, q.b2), q.dmain).dw,
        ),
        bug(
            "second_gradients_missing",
            "dW2 and db2 are all 0; the second convolution learns, too",
            "which parameters does the output depend on?",
            dW2=lambda q: np.zeros_like(q.W2),
            db2=lambda q: np.zeros_like(q.b2),
        ),
        bug(
            "averaged_over_batch",
            "the gradients are divided by the number of samples; that mean belongs to the loss, "
            "and the upstream gradient contains it",
            "where in the forward pass of this block is a mean?",
            upstream=lambda q: q.dout / len(q.dout),
        ),
        bug(
            "weights_averaged_over_batch",
            "the gradients of the parameters are divided by the number of samples; that mean "
            "belongs to the loss, and the upstream gradient contains it",
            "where in the forward pass of this block is a mean?",
            **{name: lambda q, name=name: formulas[name](q) / len(q.dout) for name in gradients},
        ),
        bug(
            "upstream_ignored",
            "the gradients do not depend on the upstream gradient; each should be multiplied by it",
            "chain rule: derivative times what comes from above",
            upstream=lambda q: np.ones_like(q.dout),
        ),
    )


# ----------------------------------------------------------------------------------- x itself
forward_bug = bugs_of(RESIDUAL, "residual_forward")
bug = bugs_of(RESIDUAL, "residual_backward")

RESIDUAL_BUGS = (
    *_forward_rows(forward_bug),
    *_backward_rows(bug, RESIDUAL_FORMULAS, ("dW1", "db1", "dW2", "db2")),
)

# ------------------------------------------------------------------------------ the projection
projection_bug = bugs_of(PROJECTION, "residual_projection_forward")
projection_back_bug = bugs_of(PROJECTION, "residual_projection_backward")


def _corner(q: Sheet) -> Array:
    """The first pixels of x, as many as the output has."""
    height, width = q.main.shape[2:]
    corner: Array = q.x[:, :, :height, :width]
    return corner


def _placed_in_corner(q: Sheet) -> Array:
    """The shortcut's gradient, as if the projection had had stride 1."""
    dx: Array = np.zeros_like(q.x)
    height, width = q.dout.shape[2:]
    dx[:, :, :height, :width] = np.einsum("nfij,fc->ncij", q.dshortcut, q.Wp[:, :, 0, 0])
    return dx


def _assigned(q: Sheet) -> Array:
    """What comes back through the convolutions, overwritten where the projection looked."""
    dx: Array = q.dx_main.copy()
    dx[:, :, :: q.stride, :: q.stride] = q.dx_shortcut[:, :, :: q.stride, :: q.stride]
    return dx


RESIDUAL_PROJECTION_BUGS = (
    *_forward_rows(projection_bug),
    projection_bug(
        "projection_without_stride",
        "the projection looks at neighbouring pixels in the top left corner of x; it should skip "
        "as many as the first convolution does",
        "which pixel of x does output pixel (1, 0) begin at?",
        projection=lambda q: convolution(_corner(q), q.Wp, q.bp),
    ),
    projection_bug(
        "stride_in_second_convolution",
        "the stride is that of the second convolution; the first one should have it",
        "how large is the image between the two convolutions?",
        first=lambda q: convolution(q.x, q.W1, q.b1),
        second=lambda q: convolution(q.hidden, q.W2, q.b2, q.stride),
    ),
    projection_bug(
        "projection_without_bias",
        "the projection's bias is not used; each of its channels adds its own",
        "where does your code read bp?",
        projection=lambda q: convolution(q.x, q.Wp, 0 * q.bp, q.stride),
    ),
    projection_bug(
        "relu_on_projection",
        "the projection goes through a ReLU of its own; only the sum should",
        "can the shortcut be negative?",
        shortcut=lambda q: relu(q.projection.out),
    ),
    *_backward_rows(
        projection_back_bug, PROJECTION_FORMULAS, ("dW1", "db1", "dW2", "db2", "dWp", "dbp")
    ),
    projection_back_bug(
        "projection_gradients_missing",
        "dWp and dbp are all 0; the projection learns, too",
        "which parameters does the output depend on?",
        dWp=lambda q: np.zeros_like(q.Wp),
        dbp=lambda q: np.zeros_like(q.bp),
    ),
    projection_back_bug(
        "dWp_without_stride",
        "dWp uses neighbouring pixels in the top left corner of x; it should use those that the "
        "projection looked at",
        "which pixel of x does output pixel (1, 0) begin at?",
        dWp=lambda q: np.einsum("nfij,ncij->fc", q.dshortcut, _corner(q))[..., None, None],
    ),
    projection_back_bug(
        "dx_of_projection_without_stride",
        "the shortcut's gradient lands in the top left corner of dx; it should come back to the "
        "pixels that the projection looked at",
        "which pixel of x does output pixel (1, 0) begin at?",
        dx_shortcut=_placed_in_corner,
    ),
    projection_back_bug(
        "dx_assigned",
        "the shortcut's gradient overwrites that of the convolutions where it comes back; the two "
        "should add up",
        "is the new value added to what is there, or put in its place?",
        dx=_assigned,
    ),
)
