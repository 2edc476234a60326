"""Adds to golden cases how their answers are made of other functions of the students'.

See grader/composition.py for what that is good for. What an output depends on is found out by
moving each input; so is what a registered bug of a called function hides: without its bias an
affine layer depends on two of three inputs, and a net that is made of it on none of its biases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.bundle import ArgumentPath, Case, Composition
from grader.composition import answers, inputs, surely_felt, with_moved
from grader.errors import BadAssignment
from reference.bugs.bug import Bug
from reference.case_steps import Functions, run
from reference.problems.plan import ProblemPlan
from reference.shared_runs import Run, SharedRuns

Array = NDArray[Any]
Dependence = Mapping[str, list[ArgumentPath]]


def with_compositions(
    case: Case,
    plan: ProblemPlan,
    right: Functions,
    bugs: Sequence[Bug],
    like: Case | None,
    before: Iterable[Case] = (),
) -> Case:
    """The case, with all ways in which its answer is made of other functions.

    Args:
        case: whose answers are known already.
        plan: its problem's.
        right: the solution in the plan's setting.
        bugs: those that are registered.
        like: the same case in another setting, whose called functions are the same.
        before: cases of the problem that have theirs. What bugs hide is taken over from one that
            is alike but for its numbers.

    Raises:
        BadAssignment: a composition does not give what the function itself answers.
    """
    if case.raises is not None:
        return case
    recipes = [recipe for compose in plan.compositions if (recipe := compose(case.steps))]
    known = like.compositions if like is not None else [None] * len(recipes)
    earlier = [composition for other in before for composition in other.compositions]
    made: list[Composition] = []
    for recipe, other in zip(recipes, known, strict=True):
        plain = Composition(recipe.steps, recipe.arranged)
        often = [bug for bug in bugs if recipe.seldom.isdisjoint(bug.changed)]
        whole = _dependent(plain, case, plan, right, often, other, [*made, *earlier])
        made.append(replace(whole, added=_added(plain, case, plan, right)))
    return replace(case, compositions=made)


def _dependent(
    plain: Composition,
    case: Case,
    plan: ProblemPlan,
    right: Functions,
    bugs: Sequence[Bug],
    other: Composition | None,
    made: Sequence[Composition],
) -> Composition:
    """The composition with what its outputs depend on.

    Args:
        plain: without that.
        case: whose it is.
        plan: the problem's.
        right: the solution in the plan's setting.
        bugs: those whose hiding is looked for.
        other: the same in another setting.
        made: those of the same problem that were made before.
    """
    if other is not None:
        return replace(plain, depends=other.depends, hidden_by=other.hidden_by)
    runs = _Runs(plain, case, plan, right)
    depends = runs.dependence()
    twin = next((each for each in made if _form(each) == _form(plain)), None)
    return replace(plain, depends=depends, hidden_by=_hidden(runs, bugs, depends, twin))


def _form(composition: Composition) -> list[Any]:
    """Equal for compositions that differ in numbers, or in one of two functions that do the same.

    The same mistakes may be made in both of these, under the same names.
    """
    shapes = [(path, array.shape) for path, array in inputs(composition)]
    return [shapes, *(step.returns for step in composition.steps)]


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
        # By the runs as it is and with an input moved, which are kept: the outputs that differ.
        self._felt: dict[tuple[int, int], set[str]] = {}
        moved = [(path, with_moved(composition, path)) for path, _ in inputs(composition)]
        self._plain = SharedRuns(composition.steps, plan, right, pairs=False)
        self._moved = [
            (path, SharedRuns(steps, plan, right, pairs=False))
            for path, steps in moved
            if steps is not None
        ]

    def dependence(
        self, bug: Bug | None = None, asked: Collection[ArgumentPath] | None = None
    ) -> dict[str, list[ArgumentPath]]:
        """By output, the inputs that it depends on.

        Args:
            bug: which one the called functions have.
            asked: the inputs that are tried; None for all.

        Raises:
            ValueError: no net can answer with a layer that has this bug.
            LookupError: likewise.
        """
        before, plain = self._answers(self._plain, bug)
        depends: dict[str, list[ArgumentPath]] = {name: [] for name in plain}
        for path, runs in self._moved:
            if asked is not None and path not in asked:
                continue
            made, after = self._answers(runs, bug)
            # Bugs that make no difference here have one run together.
            both = id(before), id(made)
            if both not in self._felt:
                allowed = self._case.tolerance
                self._felt[both] = {
                    name
                    for name in plain.keys() & after.keys()
                    if surely_felt(plain[name], after[name], allowed)
                }
            for name in self._felt[both]:
                depends[name].append(path)
        return depends

    def _answers(self, runs: SharedRuns, bug: Bug | None) -> tuple[Run, dict[str, Array]]:
        made = runs.right() if bug is None else runs.one(bug)
        if made.error is not None:
            raise made.error
        return made, _answers(self._composition, self._case, made.bound)


def _hidden(
    runs: _Runs, bugs: Sequence[Bug], depends: Dependence, twin: Composition | None
) -> dict[str, Dependence]:
    """By bug, what no longer depends on what; taken over from a twin for what depended there."""
    known: Mapping[str, Dependence] = twin.hidden_by if twin else {}
    there: Dependence = twin.depends if twin else {}
    new = {
        name: [path for path in paths if path not in there.get(name, [])]
        for name, paths in depends.items()
    }
    asked = {path for paths in new.values() for path in paths}
    hidden: dict[str, Dependence] = {}
    for bug in bugs:
        if not runs.called & set(bug.changed):
            continue
        try:
            theirs = runs.dependence(bug, asked) if asked else {}
        except (ValueError, LookupError):
            continue  # no net can answer with such a layer
        before = known.get(bug.id, {})
        lost = {
            name: missing
            for name, paths in depends.items()
            if (
                missing := [
                    path
                    for path in paths
                    if path in before.get(name, [])
                    or (path in new[name] and path not in theirs.get(name, []))
                ]
            )
        }
        if lost:
            hidden[bug.id] = lost
    return hidden


def _answers(composition: Composition, case: Case, bound: Mapping[str, Any]) -> dict[str, Array]:
    wanted = {name: np.asarray(bound[name]) for name in case.expected if name in bound}
    return answers(composition, wanted)
