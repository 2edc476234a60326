"""Gradient checks: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.gradient_check.differences import DIFFERENCES, DIFFERENCES_BUGS
from reference.bugs.gradient_check.errors import (
    NORM_RATIO,
    NORM_RATIO_BUGS,
    RELATIVE_ERROR,
    RELATIVE_ERROR_BUGS,
)
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (DIFFERENCES, RELATIVE_ERROR, NORM_RATIO)

BUGS: tuple[Bug, ...] = (*DIFFERENCES_BUGS, *RELATIVE_ERROR_BUGS, *NORM_RATIO_BUGS)
