"""DropConnect as a table of formulas, and its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from reference.bugs.bug import bugs_of
from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]

FORMULAS: Formulas = {
    "kept": lambda q: q.u < q.p,
    "share": lambda q: q.p,
    "used_train": lambda q: q.w * q.kept / q.share,
    "used_test": lambda q: q.w,
    "used": lambda q: q.used_train if q.mode == "train" else q.used_test,
    "bias": lambda q: q.b,
    "products": lambda q: q.x @ q.used,
    "out": lambda q: q.products + q.bias,
    # ---------------------------------------------------------------------------------- backward
    "mask": lambda q: q.kept / q.share if q.mode == "train" else 1.0,
    "back_weights": lambda q: q.w * q.mask,
    "dx": lambda q: q.dout @ q.back_weights.T,
    "full_dw": lambda q: q.x.T @ q.dout,
    "dw": lambda q: q.full_dw * q.mask,
    "db": lambda q: q.dout.sum(axis=0),
}


def _given(x: Array, w: Array, b: Array, dropconnect_param: Mapping[str, Any]) -> dict[str, Any]:
    if dropconnect_param["mode"] not in ("train", "test"):
        raise ValueError("DropConnect has no such mode")
    return {"x": x, "w": w, "b": b, **dropconnect_param}


def _cached(q: Sheet) -> dict[str, Any]:
    names = ("x", "w", "mode", *(("kept", "share") if q.mode == "train" else ()))
    return {name: getattr(q, name) for name in names}


DROPCONNECT = Family(
    "dropconnect",
    FORMULAS,
    {
        "dropconnect_forward": Signature(_given, lambda q: (q.out, _cached(q))),
        "dropconnect_backward": Signature(
            lambda dout, cache: {"dout": dout, **cache}, lambda q: (q.dx, q.dw, q.db)
        ),
    },
)

_SWITCH = "when are weights dropped, and when not?"
_EXPECTED = "what should the mean of many outputs be, compared with that of all weights?"
_USED = "which weights did the forward pass multiply by?"

forward = bugs_of(DROPCONNECT, "dropconnect_forward")
backward = bugs_of(DROPCONNECT, "dropconnect_backward")

DROPCONNECT_BUGS = (
    # ----------------------------------------------------------------------------------- forward
    forward(
        "not_scaled",
        "the weights that are kept are not scaled up in training; they are divided by the "
        "probability to be kept",
        _EXPECTED,
        used_train=lambda q: q.w * q.kept,
    ),
    forward(
        "multiplied_by_share",
        "the weights that are kept are multiplied by the probability to be kept; they are divided "
        "by it",
        _EXPECTED,
        used_train=lambda q: q.w * q.kept * q.share,
    ),
    forward(
        "scaled_at_test_only",
        "weights are scaled at test time instead of in training",
        "which of the two modes should be as cheap as possible?",
        used_train=lambda q: q.w * q.kept,
        used_test=lambda q: q.w * q.p,
    ),
    forward(
        "scaled_at_test",
        "weights are scaled at test time; the scaling in training has done that already",
        _EXPECTED,
        used_test=lambda q: q.w * q.p,
    ),
    forward(
        "dropped_at_test",
        "weights are dropped in test mode, too; at test time all of them are used",
        _SWITCH,
        used_test=lambda q: q.used_train,
    ),
    forward(
        "nothing_dropped",
        "no weight is dropped in training, nor is any scaled",
        "in which order are comparison and division carried out?",
        used_train=lambda q: q.w,
    ),
    forward(
        "wrong_weights_dropped",
        "the weights that should be kept are dropped, and the other way round, while the scaling "
        "is right",
        "how many weights are kept when p is nearly 1?",
        used_train=lambda q: q.w * ~q.kept / q.share,
    ),
    forward(
        "bias_scaled",
        "the biases are scaled as if they were dropped; they are added as they are",
        "which numbers does the mask belong to?",
        bias=lambda q: q.b / q.share if q.mode == "train" else q.b,
    ),
    forward(
        "bias_missing",
        "b is not used; it is added to every sample",
        "which of the arguments does your code never read?",
        bias=lambda _: 0.0,
    ),
    # ---------------------------------------------------------------------------------- backward
    backward(
        "dx_through_all_weights",
        "dx goes through all weights; those that were dropped hand nothing back",
        _USED,
        dx=lambda q: q.dout @ q.w.T,
    ),
    backward(
        "dw_not_masked",
        "weights that were dropped have a gradient; they did not matter for the output",
        _USED,
        dw=lambda q: q.full_dw,
    ),
    backward(
        "dw_not_scaled",
        "dw is masked and not scaled; the forward pass has scaled the weights",
        _USED,
        dw=lambda q: q.full_dw * (q.mask != 0),
    ),
    backward(
        "dx_not_scaled",
        "dx lacks the scale of the weights",
        _USED,
        dx=lambda q: q.dout @ (q.w * (q.mask != 0)).T,
    ),
    backward(
        "backward_not_scaled",
        "dx and dw lack the scale of the weights",
        _USED,
        dx=lambda q: q.dout @ (q.w * (q.mask != 0)).T,
        dw=lambda q: q.full_dw * (q.mask != 0),
    ),
    backward(
        "backward_ignores_mask",
        "dx and dw are those of an affine layer without DropConnect",
        _USED,
        mask=lambda _: 1.0,
    ),
    backward(
        "dw_of_weights",
        "dw contains the weights; it contains the mask they were multiplied by",
        "what is the derivative of a product by one of its factors?",
        dw=lambda q: q.full_dw * q.back_weights,
    ),
    backward(
        "db_averaged",
        "db is a mean over the samples; it is the sum",
        "every sample that b was added to sends a gradient back",
        db=lambda q: q.dout.mean(axis=0),
    ),
)
