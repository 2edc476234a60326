"""CS231n's TwoLayerNet: the homework's formulas and mistakes, read off an object."""

from __future__ import annotations

from typing import Any

from reference.bugs.bug import bugs_of
from reference.bugs.cs231n.adopted import adopted
from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.two_layer.backward import BACKWARD_BUGS
from reference.bugs.two_layer.formulas import FORMULAS
from reference.bugs.two_layer.forward import FORWARD_BUGS
from reference.bugs.two_layer.regularisation import REGULARISATION_BUGS
from reference.bugs.two_layer.softmax import SOFTMAX_BUGS

NET_FORMULAS: Formulas = {**FORMULAS, "reg": lambda q: q.strength}
"""The settings in which the penalty is halved change ``reg``, and with it all mistakes."""


class Net:
    """What a constructor makes: sizes are only needed by one that draws weights."""

    def __init__(self, strength: float) -> None:
        self.params: dict[str, Any] = {}
        self.strength = strength


def _made(
    input_size: int,  # noqa: ARG001  the constructor's arguments are CS231n's
    hidden_size: int,  # noqa: ARG001
    output_size: int,  # noqa: ARG001
    std: float = 1e-4,  # noqa: ARG001
    reg: float = 0.0,
) -> dict[str, Any]:
    return {"net": Net(reg)}


def _loss(net: Net, X: Any, y: Any = None, reg: float | None = None) -> dict[str, Any]:
    strength = net.strength if reg is None else reg
    return {**net.params, "X": X, "y": y, "strength": strength}


def _returned(q: Sheet) -> Any:
    if q.y is None:
        return q.answer
    return q.loss, {"W1": q.dW1, "b1": q.db1, "W2": q.dW2, "b2": q.db2}


TWO_LAYER_NET = Family(
    "two_layer_net",
    NET_FORMULAS,
    {
        "TwoLayerNet": Signature(_made, lambda q: q.net),
        "TwoLayerNet.loss": Signature(_loss, _returned),
    },
)

bug = bugs_of(TWO_LAYER_NET, "TwoLayerNet.loss")

_LOSS = {"loss": ("TwoLayerNet.loss",)}
# The course itself has handed out losses that overflow: no case has scores near 1000.
_OVERFLOW = (
    "no_max_shift",
    "max_over_everything",
    "log_of_zero",
    *(bug.id.partition("/")[2] for bug in SOFTMAX_BUGS if "log_of_p_plus" in bug.id),
)
TWO_LAYER_NET_BUGS = (
    *adopted(FORWARD_BUGS, TWO_LAYER_NET, _LOSS),
    *adopted(BACKWARD_BUGS, TWO_LAYER_NET, _LOSS),
    *adopted(SOFTMAX_BUGS, TWO_LAYER_NET, _LOSS, but=_OVERFLOW),
    # Half a penalty and penalised biases are settings, not mistakes.
    *adopted(
        REGULARISATION_BUGS,
        TWO_LAYER_NET,
        _LOSS,
        but=("l2_half", "l2_half_divided_by_N", "l2_loss_half", "l2_on_biases"),
    ),
    bug(
        "l2_loss_half",
        "the penalty in the loss is half of the one whose gradient you add; the two do not belong "
        "together",
        "differentiate the term you added to the loss, factor included",
        penalty=lambda q: 0.5 * FORMULAS["penalty"](q),
    ),
    bug(
        "l2_loss_on_biases",
        "the biases are penalised in the loss and not in the gradient",
        "differentiate every term of the loss, by every parameter that is in it",
        penalty=lambda q: FORMULAS["penalty"](q) + q.reg * ((q.b1**2).sum() + (q.b2**2).sum()),
    ),
)
