"""All problems by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reference.problems.conv import CONV_BACKWARD, CONV_FORWARD
from reference.problems.plan import ProblemPlan
from reference.problems.pool import (
    AVG_POOL_BACKWARD,
    AVG_POOL_FORWARD,
    MAX_POOL_BACKWARD,
    MAX_POOL_FORWARD,
)
from reference.problems.two_layer import TWO_LAYER_FORWARD, TWO_LAYER_LOSS, TWO_LAYER_PREDICT

CATALOGUE: Mapping[str, ProblemPlan] = MappingProxyType(
    {
        plan.name: plan
        for plan in (
            TWO_LAYER_FORWARD,
            TWO_LAYER_LOSS,
            TWO_LAYER_PREDICT,
            CONV_FORWARD,
            CONV_BACKWARD,
            MAX_POOL_FORWARD,
            MAX_POOL_BACKWARD,
            AVG_POOL_FORWARD,
            AVG_POOL_BACKWARD,
        )
    }
)
