"""Adds to golden cases how their answers are made of other functions of the students'.

See grader/composition.py for what that is good for. What an output depends on is found out by
moving each input; so is what a registered bug of a called function hides: without its bias an
affine layer depends on two of three inputs, and a net that is made of it on none of its biases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import ArgumentPath, Case, Composition
from grader.composition import answers, inputs, surely_felt, with_moved
from grader.errors import BadAssignment
from reference.bugs.bug import Bug
from reference.case_steps import Functions, run
from reference.problems.plan import ProblemPlan, Recipe
from reference.shared_runs import SharedRuns

Array = NDArray[Any]
Dependence = Mapping[str, list[ArgumentPath]]


def with_compositions(
    case: Case, plan: ProblemPlan, right: Functions, bugs: Sequence[Bug], like: Case | None
) -> Case:
    """The case, with all ways in which its answer is made of other functions.

    Args:
        case: whose answers are known already.
        plan: its problem's.
        right: the solution in the plan's setting.
        bugs: those that are registered.
        like: the same case in another setting, whose called functions are the same.

    Raises:
        BadAssignment: a composition does not give what the function itself answers.
    """
    if case.raises is not None:
        return case
    known = like.compositions if like is not None else [None] * len(plan.compositions)
    made = [
        _composition(compose(case.steps), case, plan, right, bugs, other)
        for compose, other in zip(plan.compositions, known, strict=True)
    ]
    return replace(case, compositions=made)


def _composition(
    recipe: Recipe,
    case: Case,
    plan: ProblemPlan,
    right: Functions,
    bugs: Sequence[Bug],
    like: Composition | None,
) -> Composition:
    plain = Composition(recipe.steps, recipe.arranged)
    depends: Dependence
    hidden_by: Mapping[str, Dependence]
    if like is None:
        runs = _Runs(plain, case, plan, right)
        depends = runs.dependence()
        hidden_by = _hidden(runs, bugs, depends)
    else:
        depends, hidden_by = like.depends, like.hidden_by
    return replace(
        plain, added=_added(plain, case, plan, right), depends=depends, hidden_by=hidden_by
    )


def _added(
    composition: Composition, case: Case, plan: ProblemPlan, right: Functions
) -> dict[str, Array]:
    found = _answers(composition, case, run(composition.steps, right))
    added = {}
    for name, want in case.expected.items():
        got = found.get(name)
        if got is None or got.shape != want.shape:
            raise BadAssignment(f"{plan.name}, case {case.id}: a composition gives no {name}")
        if not np.allclose(got, want, rtol=1e-9, atol=1e-12):
            if name not in plan.penalised:
                raise BadAssignment(f"{plan.name}, case {case.id}: a composition's {name} is wrong")
            added[name] = np.asarray(want - got)
    return added


class _Runs:
    """The runs of a composition as it is, and with each of its inputs moved."""

    def __init__(
        self, composition: Composition, case: Case, plan: ProblemPlan, right: Functions
    ) -> None:
        self.called = {step.function for step in composition.steps}
        self._composition = composition
        self._case = case
        moved = [(path, with_moved(composition, path)) for path, _ in inputs(composition)]
        self._plain = SharedRuns(composition.steps, plan, right, pairs=False)
        self._moved = [
            (path, SharedRuns(steps, plan, right, pairs=False))
            for path, steps in moved
            if steps is not None
        ]

    def dependence(self, bug: Bug | None = None) -> dict[str, list[ArgumentPath]]:
        """By output, the inputs that it depends on.

        Raises:
            ValueError: no net can answer with a layer that has this bug.
            IndexError: likewise.
        """
        before = self._answers(self._plain, bug)
        depends: dict[str, list[ArgumentPath]] = {name: [] for name in before}
        for path, runs in self._moved:
            after = self._answers(runs, bug)
            for name in before:
                allowed = self._case.tolerance
                if name in after and surely_felt(before[name], after[name], allowed):
                    depends[name].append(path)
        return depends

    def _answers(self, runs: SharedRuns, bug: Bug | None) -> dict[str, Array]:
        made = runs.right() if bug is None else runs.one(bug)
        if made.error is not None:
            raise made.error
        return _answers(self._composition, self._case, made.bound)


def _hidden(
    runs: _Runs, bugs: Sequence[Bug], depends: Dependence
) -> dict[str, dict[str, list[ArgumentPath]]]:
    hidden: dict[str, dict[str, list[ArgumentPath]]] = {}
    for bug in bugs:
        if not runs.called & set(bug.changed):
            continue
        try:
            theirs = runs.dependence(bug)
        except (ValueError, IndexError):
            continue  # no net can answer with such a layer
        lost = {
            name: missing
            for name, paths in depends.items()
            if (missing := [path for path in paths if path not in theirs.get(name, [])])
        }
        if lost:
            hidden[bug.id] = lost
    return hidden


def _answers(composition: Composition, case: Case, bound: Mapping[str, Any]) -> dict[str, Array]:
    wanted = {name: np.asarray(bound[name]) for name in case.expected if name in bound}
    return answers(composition, wanted)
