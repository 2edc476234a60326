"""The inception module: its formulas, and mistakes in it.

    out = [conv1(x), conv3(conv3r(x)), conv5(conv5r(x)), convp(max_pool(x))]

along the channels; each conv is a convolution and a ReLU. A quantity of one branch carries its
name: z3r is what conv3r gives before its ReLU, a3r after it, dz3r and da3r their gradients.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.bugs.blocks.convolutions import back, convolution, relu
from reference.bugs.bug import bugs_of
from reference.bugs.pooling.formulas import AVG_POOL_FORMULAS, MAX_POOL_FORMULAS
from reference.bugs.sheet import Family, Formula, Formulas, Sheet, Signature
from reference.bugs.window_formulas import Array

# What each convolution sees, and what sees its output.
_SEES = {"1": "x", "3r": "x", "3": "a3r", "5r": "x", "5": "a5r", "p": "pooled"}
_ENDS = ("1", "3", "5", "p")
_INNER = {"3r": "3", "5r": "5"}


def _pool(x: Array, border: float, dout: Array | None = None, mean: bool = False) -> Sheet:
    """Pooling with windows of 3 by 3, stride 1 and a border of one pixel."""
    image = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=border)
    formulas = AVG_POOL_FORMULAS if mean else MAX_POOL_FORMULAS
    given = {"x": image, "pool_height": 3, "pool_width": 3, "stride": 1}
    return Sheet(formulas, given if dout is None else {**given, "dout": dout})


def _conv_formulas(name: str) -> dict[str, Formula]:
    seen = _SEES[name]

    def conv(q: Sheet) -> Sheet:
        return convolution(getattr(q, seen), getattr(q, f"W{name}"), getattr(q, f"b{name}"))

    def reverse(q: Sheet) -> Sheet:
        return back(getattr(q, f"conv{name}"), getattr(q, f"dz{name}"))

    return {
        f"conv{name}": conv,
        f"z{name}": lambda q: getattr(q, f"conv{name}").out,
        f"a{name}": lambda q: relu(getattr(q, f"z{name}")),
        f"dz{name}": lambda q: getattr(q, f"da{name}") * (getattr(q, f"z{name}") > 0),
        f"back{name}": reverse,
        f"dW{name}": lambda q: getattr(q, f"back{name}").dw,
        f"db{name}": lambda q: getattr(q, f"back{name}").db,
    }


def _share_of(q: Sheet, name: str) -> Array:
    """The channels of the upstream gradient that a branch gave."""
    order = list(_ENDS)
    widths = [len(getattr(q, f"b{end}")) for end in order]
    start = sum(widths[: order.index(name)])
    share: Array = q.upstream[:, start : start + len(getattr(q, f"b{name}"))]
    return share


INCEPTION_FORMULAS: Formulas = {
    "pooled": lambda q: _pool(q.x, -np.inf).out,
    **{key: f for name in _SEES for key, f in _conv_formulas(name).items()},
    "branches": lambda q: [q.a1, q.a3, q.a5, q.ap],
    "out": lambda q: np.concatenate(q.branches, axis=1),
    # ------------------------------------------------------------------------------- backward
    "upstream": lambda q: q.dout,
    "da1": lambda q: _share_of(q, "1"),
    "da3": lambda q: _share_of(q, "3"),
    "da5": lambda q: _share_of(q, "5"),
    "dap": lambda q: _share_of(q, "p"),
    "da3r": lambda q: q.back3.dx,
    "da5r": lambda q: q.back5.dx,
    "dx1": lambda q: q.back1.dx,
    "dx3": lambda q: q.back3r.dx,
    "dx5": lambda q: q.back5r.dx,
    "dxp": lambda q: _pool(q.x, -np.inf, q.backp.dx).dx[:, :, 1:-1, 1:-1],
    "dx": lambda q: q.dx1 + q.dx3 + q.dx5 + q.dxp,
}

_PARAMS = [f"{kind}{name}" for name in _SEES for kind in "Wb"]


def _forward(x: Array, params: Mapping[str, Array]) -> dict[str, Any]:
    return {"x": x, **params}


INCEPTION = Family(
    "inception",
    INCEPTION_FORMULAS,
    {
        "inception_forward": Signature(
            _forward, lambda q: (q.out, {name: getattr(q, name) for name in ("x", *_PARAMS)})
        ),
        "inception_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache},
            lambda q: (q.dx, {name: getattr(q, f"d{name}") for name in _PARAMS}),
        ),
    },
)

forward_bug = bugs_of(INCEPTION, "inception_forward")
bug = bugs_of(INCEPTION, "inception_backward")

INCEPTION_BUGS = (
    # ------------------------------------------------------------------------------ the branches
    forward_bug(
        "pool_first",
        "the pooling branch comes first in the output; it should come last",
        "in which order are the branches listed?",
        branches=lambda q: [q.ap, q.a1, q.a3, q.a5],
    ),
    forward_bug(
        "branches_reversed",
        "the branches stand in the output from the last to the first",
        "in which order are the branches listed?",
        branches=lambda q: [q.ap, q.a5, q.a3, q.a1],
    ),
    forward_bug(
        "five_before_three",
        "the branch of 5 by 5 stands in the output before that of 3 by 3",
        "in which order are the branches listed?",
        branches=lambda q: [q.a1, q.a5, q.a3, q.ap],
    ),
    forward_bug(
        "no_pool_branch",
        "the pooling branch is missing in the output",
        "how many branches are there?",
        branches=lambda q: [q.a1, q.a3, q.a5],
    ),
    # ---------------------------------------------------------------------------------- pooling
    forward_bug(
        "pool_not_projected",
        "the pooled image goes into the output as it is; a convolution of 1 by 1 should follow the "
        "pooling",
        "how many channels does the pooling branch have?",
        ap=lambda q: q.pooled,
    ),
    forward_bug(
        "pool_after_projection",
        "the pooling comes after its convolution of 1 by 1; it should come before",
        "what is pooled?",
        pooled=lambda q: q.x,
        ap=lambda q: _pool(INCEPTION_FORMULAS["ap"](q), -np.inf).out,
    ),
    forward_bug(
        "pool_padded_with_zeros",
        "the border of the pooling is zeros, so a window of negative pixels at the border gives 0; "
        "the border should not count",
        "what is the maximum of -3 and -2?",
        pooled=lambda q: _pool(q.x, 0.0).out,
    ),
    forward_bug(
        "average_pooling",
        "the pooling takes the mean of each window; it should take the maximum",
        "which kind of pooling does the module have?",
        pooled=lambda q: _pool(q.x, 0.0, mean=True).out,
    ),
    forward_bug(
        "not_pooled",
        "the pooling branch does not pool: its convolution sees the input itself",
        "which two layers does the pooling branch have?",
        pooled=lambda q: q.x,
    ),
    # ------------------------------------------------------------------------------------- ReLU
    forward_bug(
        "no_relu_after_reductions",
        "no ReLU follows the convolutions of 1 by 1 that reduce the channels",
        "which convolutions are followed by a ReLU?",
        a3r=lambda q: q.z3r,
        a5r=lambda q: q.z5r,
    ),
    forward_bug(
        "no_relu_at_the_end",
        "no ReLU follows the last convolution of each branch",
        "can the output of this module be negative?",
        **{f"a{name}": lambda q, name=name: getattr(q, f"z{name}") for name in _ENDS},
    ),
    forward_bug(
        "no_relu",
        "no ReLU follows any of the convolutions; one should follow each",
        "can the output of this module be negative?",
        **{f"a{name}": lambda q, name=name: getattr(q, f"z{name}") for name in _SEES},
    ),
    forward_bug(
        "no_relu_after_pool_projection",
        "no ReLU follows the convolution of the pooling branch; one should follow each convolution",
        "which convolutions are followed by a ReLU?",
        ap=lambda q: q.zp,
    ),
    forward_bug(
        "no_biases",
        "the biases are not used; each convolution adds its own",
        "where does your code read b1?",
        **{f"z{name}": lambda q, name=name: getattr(q, f"conv{name}").products for name in _SEES},
    ),
    # ------------------------------------------------------------------------------- backward: dx
    bug(
        "dx_only_last_branch",
        "each branch overwrites the gradient in dx that the one before left, so only the pooling "
        "branch counts; they should add up",
        "in how many places is x used?",
        dx=lambda q: q.dxp,
    ),
    bug(
        "dx_only_first_branch",
        "dx is what comes back through the first branch alone; all of them send a gradient back",
        "in how many places is x used?",
        dx=lambda q: q.dx1,
    ),
    bug(
        "dx_without_pool",
        "dx lacks what comes back through the pooling branch",
        "in how many places is x used?",
        dx=lambda q: q.dx1 + q.dx3 + q.dx5,
    ),
    bug(
        "dx_averaged_over_branches",
        "dx is averaged over the branches; it should be their sum",
        "by how much does a sum change when one of its terms grows by 1?",
        dx=lambda q: INCEPTION_FORMULAS["dx"](q) / 4,
    ),
    bug(
        "pool_gradient_shared",
        "all pixels of a pooling window share its gradient; the largest should receive all of it",
        "which kind of pooling does the module have?",
        dxp=lambda q: _pool(q.x, 0.0, q.backp.dx, mean=True).dx[:, :, 1:-1, 1:-1],
    ),
    bug(
        "pooling_skipped_in_backward",
        "the pooling branch's gradient comes back to the pixels in the middle of the windows; it "
        "should to the largest ones",
        "which two layers does the pooling branch have?",
        dxp=lambda q: q.backp.dx,
    ),
    bug(
        "pool_padded_with_zeros_in_backward",
        "the border of the pooling takes part as zeros, so a window of negative pixels at the "
        "border sends no gradient back",
        "what is the maximum of -3 and -2?",
        dxp=lambda q: _pool(q.x, 0.0, q.backp.dx).dx[:, :, 1:-1, 1:-1],
    ),
    # ------------------------------------------------------------------------------------- ReLU
    bug(
        "inner_relu_ignored",
        "the gradient passes the convolutions that reduce the channels as if no ReLU followed them",
        "which convolutions are followed by a ReLU?",
        dz3r=lambda q: q.da3r,
        dz5r=lambda q: q.da5r,
    ),
    bug(
        "final_relu_ignored",
        "the gradient goes into the last convolution of each branch as if no ReLU followed it",
        "which is the last thing that each branch does?",
        **{f"dz{name}": lambda q, name=name: getattr(q, f"da{name}") for name in _ENDS},
    ),
    bug(
        "dw_before_relu",
        "dW3 and dW5 use what the reductions give before their ReLU; the larger windows see it "
        "after",
        "what is the input of the larger windows?",
        **{
            f"dW{end}": lambda q, end=end, inner=inner: (
                back(
                    convolution(
                        getattr(q, f"z{inner}"), getattr(q, f"W{end}"), getattr(q, f"b{end}")
                    ),
                    getattr(q, f"dz{end}"),
                ).dw
            )
            for inner, end in _INNER.items()
        },
    ),
    bug(
        "dWp_of_unpooled_image",
        "the gradient of the pooling branch's weights uses the input itself; the convolution saw "
        "the pooled image",
        "what is the input of the pooling branch's convolution?",
        dWp=lambda q: back(convolution(q.x, q.Wp, q.bp), q.dzp).dw,
    ),
    # ------------------------------------------------------------------------------ all of them
    bug(
        "averaged_over_batch",
        "the gradients are divided by the number of samples; that mean belongs to the loss, and "
        "the upstream gradient contains it",
        "where in the forward pass of this module is a mean?",
        upstream=lambda q: q.dout / len(q.dout),
    ),
    bug(
        "upstream_ignored",
        "the gradients do not depend on the upstream gradient; each should be multiplied by it",
        "chain rule: derivative times what comes from above",
        upstream=lambda q: np.ones_like(q.dout),
    ),
)
