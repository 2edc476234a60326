"""Blocks of layers (residual, inception): all families and bugs."""

from __future__ import annotations

from reference.bugs.blocks.inception import INCEPTION, INCEPTION_BUGS
from reference.bugs.blocks.residual import RESIDUAL_BUGS, RESIDUAL_PROJECTION_BUGS
from reference.bugs.blocks.residual_formulas import PROJECTION, RESIDUAL
from reference.bugs.bug import Bug
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (RESIDUAL, PROJECTION, INCEPTION)

BUGS: tuple[Bug, ...] = (*RESIDUAL_BUGS, *RESIDUAL_PROJECTION_BUGS, *INCEPTION_BUGS)
