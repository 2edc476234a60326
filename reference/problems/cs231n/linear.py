"""The naive losses: the same cases as of the vectorised ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grader.bundle import Step
from reference.classifiers.loops import softmax_loss_naive, svm_loss_naive
from reference.problems.classifiers.linear import PROBLEMS as LINEAR
from reference.problems.plan import CasePlan, Draw, ProblemPlan, Steps


def _called(plan: ProblemPlan, function: str) -> ProblemPlan:
    """The plan for another function that computes the same."""
    return replace(
        plan,
        name=function,
        title=f"{plan.title}, in a loop",
        function=function,
        cases=tuple(_case(case, function) for case in plan.cases),
        alternatives=tuple(_called(other, function) for other in plan.alternatives),
    )


def _case(case: CasePlan, function: str) -> CasePlan:
    return replace(case, steps=_steps(case.steps, function))


def _steps(drawn: Steps, function: str) -> Steps:
    def steps(draw: Draw) -> list[Step]:
        return [replace(step, function=function) for step in drawn(draw)]

    return steps


_PLANS = {plan.name: plan for plan in LINEAR}

PROBLEMS: tuple[ProblemPlan, ...] = (
    _called(_PLANS["linear_softmax_loss"], "softmax_loss_naive"),
    _called(_PLANS["linear_svm_loss"], "svm_loss_naive"),
)

FUNCTIONS: tuple[Callable[..., Any], ...] = (softmax_loss_naive, svm_loss_naive)
