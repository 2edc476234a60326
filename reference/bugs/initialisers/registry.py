"""Initialisers: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.initialisers.weights import (
    HE,
    HE_BUGS,
    SMALL,
    SMALL_BUGS,
    XAVIER,
    XAVIER_BUGS,
)
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (SMALL, XAVIER, HE)

BUGS: tuple[Bug, ...] = (*SMALL_BUGS, *XAVIER_BUGS, *HE_BUGS)
