"""Normalisation: its families of formulas, and their bugs, the one to name first before others."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.normalisation.batch_backward import (
    BATCH_NORM_BACKWARD_BUGS,
    SPATIAL_BACKWARD_BUGS,
)
from reference.bugs.normalisation.batch_formulas import BATCH_NORM
from reference.bugs.normalisation.batch_forward import (
    BATCH_NORM_FORWARD_BUGS,
    SPATIAL_FORWARD_BUGS,
    TABLE_FORWARD_BUGS,
)
from reference.bugs.normalisation.group_norm import GROUP_NORM, GROUP_NORM_BUGS
from reference.bugs.normalisation.layer_norm import LAYER_NORM, LAYER_NORM_BUGS
from reference.bugs.normalisation.local_response import LRN, LRN_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (BATCH_NORM, LAYER_NORM, GROUP_NORM, LRN)

BUGS: tuple[Bug, ...] = (
    *BATCH_NORM_FORWARD_BUGS,
    *TABLE_FORWARD_BUGS,
    *SPATIAL_FORWARD_BUGS,
    *BATCH_NORM_BACKWARD_BUGS,
    *SPATIAL_BACKWARD_BUGS,
    *LAYER_NORM_BUGS,
    *GROUP_NORM_BUGS,
    *LRN_BUGS,
)
