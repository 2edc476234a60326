"""Fixed kernels: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.kernels.applying import APPLY, APPLY_BUGS
from reference.bugs.kernels.fixed import (
    BOX,
    BOX_BUGS,
    EDGE,
    EDGE_BUGS,
    GAUSSIAN,
    GAUSSIAN_BUGS,
    SHARPEN,
    SHARPEN_BUGS,
)
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (BOX, GAUSSIAN, SHARPEN, EDGE, APPLY)

BUGS: tuple[Bug, ...] = (*BOX_BUGS, *GAUSSIAN_BUGS, *SHARPEN_BUGS, *EDGE_BUGS, *APPLY_BUGS)
