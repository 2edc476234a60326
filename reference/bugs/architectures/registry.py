"""Shapes, parameters and costs of whole networks: all families and bugs."""

from __future__ import annotations

from reference.bugs.architectures.layer_sums import LAYER_SUMS
from reference.bugs.architectures.network_totals import NETWORK_TOTALS, NETWORK_TOTALS_BUGS
from reference.bugs.architectures.output_shapes import OUTPUT_SHAPE_BUGS
from reference.bugs.architectures.parameters import PARAMETER_BUGS
from reference.bugs.architectures.receptive_field import RECEPTIVE_FIELD, RECEPTIVE_FIELD_BUGS
from reference.bugs.architectures.short_answers import SHORT_ANSWERS, SHORT_ANSWERS_BUGS
from reference.bugs.architectures.work import WORK_BUGS
from reference.bugs.bug import Bug
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (LAYER_SUMS, RECEPTIVE_FIELD, NETWORK_TOTALS, SHORT_ANSWERS)

BUGS: tuple[Bug, ...] = (
    *OUTPUT_SHAPE_BUGS,
    *PARAMETER_BUGS,
    *WORK_BUGS,
    *RECEPTIVE_FIELD_BUGS,
    *NETWORK_TOTALS_BUGS,
    *SHORT_ANSWERS_BUGS,
)
