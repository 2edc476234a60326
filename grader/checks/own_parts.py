"""Whether a function passes on the mistakes of the student's other functions that it is built of.

One mistake is charged once. A net that calls the student's layers answers wrongly when a layer
does; it keeps its points when its answers are those that right code gives with these very layers
(grader/composition.py), and the layer's mistake has cost points at a check of its own.

Made of layers that return constants, or their own arguments, any net would be right. So each
output must depend on all that it depends on with right layers, but for what a mistake hides that
was recognised in them. And the layers are called in new processes, one for each input that is
moved, so that they can neither repeat what the net has answered nor what they themselves have.
Who makes layers that compute as much as right ones do, and fit a wrong net, has done more than a
right net asks for, and has paid for the layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from grader.assignment import ValuesCheck
from grader.bundle import ArgumentPath, Array, Case, Composition, Step, Tolerance
from grader.checks.case_run import CaseRun
from grader.checks.context import Context
from grader.checks.judging import Judged
from grader.checks.verdict import Blamed, Verdict
from grader.compare import SINGLE_PRECISION, as_array, compare, is_single_precision
from grader.composition import answers, felt, with_moved
from grader.result import Status

# CPU seconds: a file may take long to load, and each new process loads it.
_PATIENCE: Final = 60.0

Mark: TypeAlias = Callable[[ValuesCheck, Context], Verdict]


def passed_on(context: Context, item: Judged, mark: Mark) -> Blamed | None:
    """Whose mistakes all that is wrong in a case comes of, where those have cost points.

    Args:
        context: the submission.
        item: a case that was run.
        mark: gives the verdict of a check on values.
    """
    for composition in _fitting(context, item):
        by = _blamed(context, composition, mark)
        if by.checks and _depends(context, composition, item, by):
            return by
    return None


def as_composed(context: Context, item: Judged) -> bool:
    """Whether a case's wrong outputs are what right code gives with the student's functions.

    Evidence of how code is meant; to excuse anything takes more (``passed_on``).
    """
    return bool(_fitting(context, item))


def raised_in(run: CaseRun) -> str | None:
    """Which of the functions that a case may be built of raised, so that there is no answer."""
    if run.error is None or run.error.place is None:
        return None
    called = {step.name for each in run.case.compositions for step in each.steps}
    function = run.error.place.function
    return function if function in called else None


def _fitting(context: Context, item: Judged) -> list[Composition]:
    if item.right or item.finding is not None:
        return []
    return [c for c in item.run.case.compositions if _fits(context, c, item)]


def _fits(context: Context, composition: Composition, item: Judged) -> bool:
    run, case = item.run, item.run.case
    made = _answers(context, composition, composition.steps, case)
    return all(
        wrong.output in made
        and compare(wrong.output, run.bound[wrong.output], made[wrong.output], case.tolerance)
        is None
        for wrong in item.mismatches
    )


def _blamed(context: Context, composition: Composition, mark: Mark) -> Blamed:
    """Which of the called functions have lost points for a mistake."""
    called = dict.fromkeys(step.name for step in composition.steps)
    found = Blamed()
    for check in context.assignment.checks():
        if not isinstance(check, ValuesCheck) or not check.points:
            continue
        function = context.problem(check.problem).function
        if function not in called:
            continue
        verdict = mark(check, context)
        if verdict.status is Status.FAIL:
            theirs = Blamed([function], [check.id], {f.bug.id for f in verdict.findings if f.bug})
        elif verdict.blamed is not None and verdict.blamed.checks:
            theirs = replace(verdict.blamed, functions=[function])
        else:
            continue
        found.add(theirs)
    return found


def _depends(context: Context, composition: Composition, item: Judged, by: Blamed) -> bool:
    """Whether the wrong outputs depend on what they must, made of the student's functions."""
    case = item.run.case
    wanted = _wanted(composition, [wrong.output for wrong in item.mismatches], by.bugs)
    # A large penalty, which is the same for all, would hide what is felt.
    bare = replace(composition, added={})
    before = _answers(context, bare, bare.steps, case)
    for path in dict.fromkeys(path for paths in wanted.values() for path in paths):
        steps = with_moved(bare, path)
        if steps is None:
            continue
        after = _answers(context, bare, steps, case)
        for name, paths in wanted.items():
            if path not in paths:
                continue
            allowed = _tolerance(case, item.run.bound[name])
            if name not in after or not felt(before[name], after[name], allowed):
                return False
    return True


def _tolerance(case: Case, value: object) -> Tolerance:
    """Within which the value counted as what the functions make."""
    array = as_array(value)
    if array is None or not is_single_precision(array):
        return case.tolerance
    return SINGLE_PRECISION


def _wanted(
    composition: Composition, outputs: Iterable[str], bugs: Iterable[str]
) -> Mapping[str, set[ArgumentPath]]:
    wanted = {name: set(composition.depends.get(name, [])) for name in outputs}
    for bug in bugs:
        for name, paths in composition.hidden_by.get(bug, {}).items():
            if name in wanted:
                wanted[name].difference_update(paths)
    return wanted


def _answers(
    context: Context, composition: Composition, steps: list[Step], case: Case
) -> dict[str, Array]:
    """The case's outputs, made of the student's functions; those that they do not give are out."""
    run = _run(context, steps)
    if run.error is not None or run.malformed is not None:
        return {}
    found: dict[str, Array] = {}
    for name in case.expected.keys() & run.bound.keys():
        array = as_array(run.bound[name])
        if array is None:
            continue
        if case.is_number(name) and array.size == 1:
            array = array.reshape(())
        found[name] = array if name in composition.arranged else case.in_shape(name, array)
    return answers(composition, found)


def _run(context: Context, steps: list[Step]) -> CaseRun:
    key = tuple((step.function, _content(step.args)) for step in steps)
    if key not in context.made_of_own:
        case = Case("own parts", "own parts", frozenset(), steps)
        if context.seconds_apart > _PATIENCE:
            return CaseRun(case, malformed="this would take too long")
        context.made_of_own[key] = context.run_apart(case)
    return context.made_of_own[key]


def _content(tree: object) -> object:
    """A value tree as something that is equal when the values are, and can be a key."""
    if isinstance(tree, np.ndarray):
        return (tree.dtype.str, tree.shape, tree.tobytes())
    if isinstance(tree, dict):
        return tuple((key, _content(value)) for key, value in tree.items())
    if isinstance(tree, list):
        return tuple(map(_content, tree))
    return tree
