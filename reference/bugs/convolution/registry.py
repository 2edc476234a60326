"""Convolution: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.convolution.backward import CONV_BACKWARD_BUGS
from reference.bugs.convolution.formulas import CONV
from reference.bugs.convolution.forward import CONV_FORWARD_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (CONV,)

BUGS: tuple[Bug, ...] = (
    *CONV_FORWARD_BUGS,
    *CONV_BACKWARD_BUGS,
)
