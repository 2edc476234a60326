"""Pooling: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.pooling.avg_pool import AVG_POOL_BUGS
from reference.bugs.pooling.boundaries import BOUNDARIES, FRACTIONAL_BOUNDARIES_BUGS
from reference.bugs.pooling.formulas import AVG_POOL, MAX_POOL
from reference.bugs.pooling.fractional import FRACTIONAL_MAX_POOL, FRACTIONAL_MAX_POOL_BUGS
from reference.bugs.pooling.global_average import GLOBAL_AVG_POOL, GLOBAL_AVG_POOL_BUGS
from reference.bugs.pooling.max_pool import MAX_POOL_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (
    MAX_POOL,
    AVG_POOL,
    GLOBAL_AVG_POOL,
    BOUNDARIES,
    FRACTIONAL_MAX_POOL,
)

BUGS: tuple[Bug, ...] = (
    *MAX_POOL_BUGS,
    *AVG_POOL_BUGS,
    *GLOBAL_AVG_POOL_BUGS,
    *FRACTIONAL_BOUNDARIES_BUGS,
    *FRACTIONAL_MAX_POOL_BUGS,
)
