"""What lateness costs: the rule in assignment.yaml, and the points it takes."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from grader.score import rounded

_DAY = 86_400


class LateRule(BaseModel):
    """What a submission after the deadline loses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_day: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """Taken for each day, in ``unit``."""
    unit: Literal["percent", "points"] = "percent"
    """Per cent of what the submission earned, or points."""
    grace_minutes: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    """So much costs nothing; what is later counts from the end of this grace."""
    cap: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """The most that is taken, in ``unit``; without it, at most all that was earned."""
    rounding: Literal["started_day", "exact"] = "started_day"
    """A day that has begun counts whole, or by the part of it that has gone."""

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        if self.unit == "percent":
            for key, value in (("per_day", self.per_day), ("cap", self.cap)):
                if value is not None and value > 100:
                    raise ValueError(f"{key} is {value:g} %, more than all there is to lose")
        return self


def days_late(rule: LateRule, late_seconds: float) -> float:
    """The days that count: (late − grace) / 86 400 s, rounded up where the rule says so; ≥ 0."""
    days = max(0.0, late_seconds - 60 * rule.grace_minutes) / _DAY
    return float(math.ceil(days)) if rule.rounding == "started_day" else days


def penalty(rule: LateRule | None, late_seconds: float, earned: float) -> float:
    """The points that lateness takes from ``earned``, with two decimals.

    penalty = min(per_day · days, cap) · (earned / 100 where the unit is per cent, else 1),
    never more than ``earned``. It does not fall when ``late_seconds`` grows, and is 0 up to the
    end of the grace.

    Args:
        rule: of the assignment; None takes nothing.
        late_seconds: after the deadline, before any grace; 0 or less is in time.
        earned: points before the penalty, at least 0.
    """
    if rule is None or earned <= 0:
        return 0.0
    taken = rule.per_day * days_late(rule, late_seconds)
    if rule.cap is not None:
        taken = min(taken, rule.cap)
    if rule.unit == "percent":
        taken *= earned / 100
    return min(earned, rounded(min(earned, taken)))


def seconds_late(submitted_at: datetime | None, due: datetime | None) -> int:
    """Whole seconds from the deadline to the submission; 0 in time, or where either is unknown."""
    if submitted_at is None or due is None:
        return 0
    late = submitted_at.astimezone(UTC) - due.astimezone(UTC)
    # A fraction of a second is no lateness: exports cut or round it as they like.
    return max(0, late // timedelta(seconds=1))
