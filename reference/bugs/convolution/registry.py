"""Convolution: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.convolution.backward import CONV_BACKWARD_BUGS
from reference.bugs.convolution.depthwise import DEPTHWISE, DEPTHWISE_BUGS
from reference.bugs.convolution.formulas import CONV
from reference.bugs.convolution.forward import CONV_FORWARD_BUGS
from reference.bugs.convolution.pointwise import POINTWISE, POINTWISE_BUGS
from reference.bugs.convolution.same import CONV_SAME, CONV_SAME_BUGS
from reference.bugs.convolution.separable import SEPARABLE, SEPARABLE_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (
    CONV,
    CONV_SAME,
    DEPTHWISE,
    POINTWISE,
    SEPARABLE,
)

BUGS: tuple[Bug, ...] = (
    *CONV_FORWARD_BUGS,
    *CONV_BACKWARD_BUGS,
    *CONV_SAME_BUGS,
    *DEPTHWISE_BUGS,
    *POINTWISE_BUGS,
    *SEPARABLE_BUGS,
)
