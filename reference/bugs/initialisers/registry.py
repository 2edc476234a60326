"""Initial weights: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = ()

BUGS: tuple[Bug, ...] = ()
