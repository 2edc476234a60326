"""The affine layer: all families and bugs."""

from __future__ import annotations

from reference.bugs.affine.affine import AFFINE, AFFINE_BUGS
from reference.bugs.bug import Bug
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (AFFINE,)

BUGS: tuple[Bug, ...] = AFFINE_BUGS
