"""The catalogue as plain data, for those who compose an assignment and for the documents."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from grader.bundle import Setting
from grader.catalogue import CatalogueCase, CatalogueProblem
from grader.worker.targets import Target
from reference.bugs.registry import ALL_BUGS
from reference.problems.catalogue import AREAS
from reference.problems.plan import ProblemPlan
from reference.problems.solution import SOLUTION

_STUBS = Path(__file__).resolve().parent / "stubs"


def catalogue() -> list[CatalogueProblem]:
    """All problems, in the order in which they are taught."""
    return [_problem(area, plan) for area, plans in AREAS.items() for plan in plans]


def stubs() -> list[str]:
    """The texts of reference/stubs: what students start from, for every function."""
    return [path.read_text(encoding="utf-8") for path in sorted(_STUBS.glob("*.py"))]


def _problem(area: str, plan: ProblemPlan) -> CatalogueProblem:
    return CatalogueProblem(
        name=plan.name,
        title=plan.title,
        area=area,
        function=plan.function,
        signature=_signature(plan.function),
        cases=tuple(
            CatalogueCase(case.id, case.category, tuple(sorted(case.tags)), case.raises)
            for case in plan.cases
        ),
        outputs=tuple(_outputs(plan)),
        gradients=tuple(plan.derivative.outputs) if plan.derivative else (),
        settings=tuple(_settings(plan)),
        bugs=tuple(bug.note for bug in ALL_BUGS if plan.function in bug.changed),
    )


def _signature(function: str) -> str:
    target = Target.of(function)
    called = SOLUTION[target.owner]
    if target.member is not None:
        called = getattr(called, target.member)
    names = [name for name in inspect.signature(called).parameters if name != "self"]
    return f"({', '.join(names)})"


def _outputs(plan: ProblemPlan) -> Iterator[str]:
    yield from plan.outputs
    yield from dict.fromkeys(name for case in plan.cases for name in case.observed)


def _settings(plan: ProblemPlan) -> Iterator[Setting]:
    for each in (plan, *plan.alternatives):
        if each.setting is not None:
            yield each.setting
