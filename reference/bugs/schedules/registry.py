"""Schedules: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.schedules.falling import (
    COSINE,
    COSINE_BUGS,
    INVERSE_SQRT,
    INVERSE_SQRT_BUGS,
    LINEAR,
    LINEAR_BUGS,
    WARMUP,
    WARMUP_BUGS,
)
from reference.bugs.schedules.plateau import PLATEAU, PLATEAU_BUGS
from reference.bugs.schedules.step import GOOGLENET, GOOGLENET_BUGS, STEP, STEP_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (STEP, GOOGLENET, PLATEAU, COSINE, LINEAR, INVERSE_SQRT, WARMUP)

BUGS: tuple[Bug, ...] = (
    *STEP_BUGS,
    *GOOGLENET_BUGS,
    *PLATEAU_BUGS,
    *COSINE_BUGS,
    *LINEAR_BUGS,
    *INVERSE_SQRT_BUGS,
    *WARMUP_BUGS,
)
