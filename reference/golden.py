"""Writes golden bundles: inputs, what the reference answers to them, and what each bug does.

A bundle is refused when a registered bug passes all cases of the function it belongs to: such a
bundle would give marks for that mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

import grader
from grader.bundle import Bound, BugAnswer, Bundle, Case, Pattern, Problem, Step, Tolerance
from grader.errors import BadAssignment
from grader.fingerprint import Fingerprint
from grader.worker.targets import reached
from reference.bugs.bug import Bug
from reference.bugs.registry import ALL_BUGS
from reference.problems.catalogue import CATALOGUE
from reference.problems.plan import CasePlan, ProblemPlan, stream
from reference.problems.solution import SOLUTION

Array = NDArray[Any]
Functions = Mapping[str, Callable[..., Any]]

# A student's order of summation rounds differently from ours, though hardly a thousand times so.
_ROUNDING_ALLOWED = 1e3
_FINGERPRINT_DIGITS = 9
"""Three more than Fingerprint.RTOL needs; fewer digits make smaller bundles."""


def make_bundle(
    assignment: str,
    problems: Sequence[str],
    seed: bytes,
    visibility: Literal["public", "hidden"],
    bugs: Sequence[Bug] = ALL_BUGS,
) -> Bundle:
    """Golden cases for problems of the catalogue.

    Args:
        assignment: the assignment's name, recorded in the bundle.
        problems: names from the catalogue; each once.
        seed: where all random inputs come from.
        visibility: recorded in the bundle; it changes nothing else.
        bugs: the bugs to record, in the order in which they are to be named.

    Raises:
        BadAssignment: a problem is not in the catalogue, or its cases do not expose a bug.
    """
    unknown = [name for name in problems if name not in CATALOGUE]
    if unknown:
        raise BadAssignment(
            f"the catalogue has no problem {unknown[0]!r}",
            hint=f"it has {', '.join(CATALOGUE)}",
        )
    with np.errstate(all="ignore"):
        made = {name: _problem(CATALOGUE[name], seed, bugs) for name in dict.fromkeys(problems)}
    named = {answer.bug for p in made.values() for case in p.cases for answer in case.bugs}
    return Bundle(
        assignment=assignment,
        visibility=visibility,
        made_by=f"goldgrad {grader.__version__}",
        problems=made,
        bugs={bug.id: bug.note for bug in bugs if bug.id in named},
    )


def run(steps: Iterable[Step], functions: Functions) -> dict[str, Any]:
    """Run a case's steps; returns all that the patterns bound, handles included.

    Raises:
        whatever a function raises.
    """
    bound: dict[str, Any] = {}
    for step in steps:
        args = _resolved(step.args, bound)
        function = reached(functions, step.function)
        if "." in step.function:  # an object works on in what it was given, and has given
            _bind(step.returns, _mapped(function(*_mapped(args, _copy)), _copy), bound)
        else:
            _bind(step.returns, function(*args), bound)
    return bound


# ------------------------------------------------------------------------------------ one problem
def _problem(plan: ProblemPlan, seed: bytes, bugs: Sequence[Bug]) -> Problem:
    concerned = [bug for bug in bugs if plan.function in bug.changed]
    cases = [_case(plan, case, stream(seed, plan.name, case.id)) for case in plan.cases]
    answers = {bug.id: [_answer(bug, case, plan) for case in cases] for bug in concerned}
    for bug in concerned:
        if bug.home == plan.function and not any(answers[bug.id]):
            raise BadAssignment(
                f"the golden cases of {plan.name} do not expose the mistake {bug.id}",
                hint="use another seed, or add a case that exposes it",
            )
    for i, case in enumerate(cases):
        case.bugs.extend(
            answer
            for bug in concerned
            if _recognisable(answers[bug.id]) and (answer := answers[bug.id][i]) is not None
        )
    return Problem(plan.name, plan.title, plan.function, cases, plan.derivative)


def _recognisable(answers: Iterable[BugAnswer | None]) -> bool:
    """Whether a value is among the answers: an exception alone can have any cause."""
    return any(answer is not None and answer.raises is None for answer in answers)


def _case(plan: ProblemPlan, case: CasePlan, draw: np.random.RandomState) -> Case:
    steps = case.steps(draw)
    if case.raises is not None:
        return Case(case.id, case.category, case.tags, steps, raises=case.raises)
    expected = _outputs(run(steps, SOLUTION), plan.outputs)
    exact = _outputs(run(_extended(steps), SOLUTION), plan.outputs)
    tolerance = _tolerance(expected, exact)
    return Case(
        case.id,
        case.category,
        case.tags,
        steps,
        expected,
        tolerance=tolerance,
        looser=plan.looser,
    )


def _tolerance(expected: Mapping[str, Array], exact: Mapping[str, Array]) -> Tolerance:
    """The usual one, or wider where rounding alone already moves the values.

    Args:
        expected: the outputs in float64.
        exact: the same in extended precision (or again in float64, where there is none).
    """
    rounding = max(
        float(np.max(np.abs(expected[name] - exact[name]) / (1 + np.abs(exact[name]))))
        for name in expected
    )
    usual = Tolerance()
    allowed = _ROUNDING_ALLOWED * rounding
    return Tolerance(rtol=max(usual.rtol, allowed), atol=max(usual.atol, allowed))


def _answer(bug: Bug, case: Case, plan: ProblemPlan) -> BugAnswer | None:
    """The outputs that the bug changes in this case; None when it passes."""
    try:
        bound = run(case.steps, {**SOLUTION, **bug.functions()})
    except (ValueError, IndexError) as error:
        raised = type(error).__name__
        return None if raised == case.raises else BugAnswer(bug.id, raises=raised)
    wrong = {
        name: _fingerprint(output)
        for name, output in _outputs(bound, plan.outputs).items()
        if case.raises is not None or differs(output, case.expected[name], case.tolerance_of(name))
    }
    return BugAnswer(bug.id, wrong) if wrong else None


def differs(got: Array, want: Array, tolerance: Tolerance) -> bool:
    """Whether an output has another shape than the golden one, or a value beyond the tolerance."""
    if got.shape != want.shape:
        return True
    allowed = tolerance.atol + tolerance.rtol * np.abs(want)
    return not bool(np.all(np.abs(got - want) <= allowed))  # not finite: differs


def _fingerprint(output: Array) -> Fingerprint:
    exact = Fingerprint.of(output)
    shortened = [_shortened(value) for value in (*exact.projections, exact.scale)]
    return Fingerprint(exact.shape, tuple(shortened[:-1]), shortened[-1])


def _shortened(value: float) -> float:
    return float(f"{value:.{_FINGERPRINT_DIGITS}g}")


# ----------------------------------------------------------------------------------- value trees
def _outputs(bound: Mapping[str, Any], names: Iterable[str]) -> dict[str, Array]:
    return {name: np.asarray(bound[name]) for name in names}


def _resolved(tree: Any, bound: Mapping[str, Any]) -> Any:
    return _mapped(tree, lambda leaf: bound[leaf.name] if isinstance(leaf, Bound) else leaf)


def _extended(steps: Iterable[Step]) -> list[Step]:
    def widened(leaf: Any) -> Any:
        is_float = isinstance(leaf, np.ndarray) and leaf.dtype == np.float64
        return leaf.astype(np.longdouble) if is_float else leaf

    return [Step(step.function, _mapped(step.args, widened), step.returns) for step in steps]


def _mapped(tree: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(tree, list):
        return [_mapped(item, change) for item in tree]
    if isinstance(tree, dict):
        return {key: _mapped(item, change) for key, item in tree.items()}
    return change(tree)


def _copy(leaf: Any) -> Any:
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def _bind(pattern: Pattern, value: Any, bound: dict[str, Any]) -> None:
    if isinstance(pattern, str):
        bound[pattern.removeprefix("#")] = value
    elif isinstance(pattern, list):
        for part, item in zip(pattern, value, strict=True):
            _bind(part, item, bound)
    else:
        for key, part in pattern.items():
            _bind(part, value[key], bound)
