"""Hyperparameter and architecture search: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.search.controller import (
    BASELINE,
    BASELINE_BUGS,
    CONTROLLER,
    CONTROLLER_BUGS,
)
from reference.bugs.search.cross_validation import (
    KNN_VALIDATION,
    KNN_VALIDATION_BUGS,
    SPLIT,
    SPLIT_BUGS,
)
from reference.bugs.search.sampling import LOG_SPACE, LOG_SPACE_BUGS, TRIAL_LINE, TRIAL_LINE_BUGS
from reference.bugs.search.trials import (
    BEST_TRIAL,
    BEST_TRIAL_BUGS,
    DISTINCT,
    DISTINCT_BUGS,
    GRID,
    GRID_BUGS,
)
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (
    LOG_SPACE,
    TRIAL_LINE,
    SPLIT,
    KNN_VALIDATION,
    GRID,
    DISTINCT,
    BEST_TRIAL,
    CONTROLLER,
    BASELINE,
)

BUGS: tuple[Bug, ...] = (
    *LOG_SPACE_BUGS,
    *TRIAL_LINE_BUGS,
    *SPLIT_BUGS,
    *KNN_VALIDATION_BUGS,
    *GRID_BUGS,
    *DISTINCT_BUGS,
    *BEST_TRIAL_BUGS,
    *CONTROLLER_BUGS,
    *BASELINE_BUGS,
)
