"""The homework's two-layer classifier: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.sheet import Family
from reference.bugs.two_layer.backward import BACKWARD_BUGS
from reference.bugs.two_layer.formulas import TWO_LAYER
from reference.bugs.two_layer.forward import FORWARD_BUGS
from reference.bugs.two_layer.predict import PREDICT_BUGS
from reference.bugs.two_layer.regularisation import REGULARISATION_BUGS
from reference.bugs.two_layer.softmax import SOFTMAX_BUGS

FAMILIES: tuple[Family, ...] = (TWO_LAYER,)

BUGS: tuple[Bug, ...] = (
    *FORWARD_BUGS,
    *PREDICT_BUGS,
    *BACKWARD_BUGS,
    *SOFTMAX_BUGS,
    *REGULARISATION_BUGS,
)
