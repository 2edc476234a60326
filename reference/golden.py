"""Writes golden bundles: inputs, what the reference answers to them, and what each bug does.

A bundle is refused when a registered bug passes all cases of the function it belongs to: such a
bundle would give marks for that mistake.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

import grader
from grader.bundle import BugAnswer, Bundle, Case, Problem, Tolerance
from grader.errors import BadAssignment
from grader.fingerprint import Fingerprint
from reference.bugs.bug import Bug
from reference.bugs.registry import ALL_BUGS
from reference.case_steps import Functions, extended, run
from reference.composed import with_compositions
from reference.problems.catalogue import CATALOGUE
from reference.problems.plan import CasePlan, Draw, ProblemPlan, stream
from reference.shared_runs import Run, SharedRuns
from reference.traced_sheet import is_same
from reference.two_bugs import Way, with_pairs
from reference.variants import right_functions

Array = NDArray[Any]

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
    *,
    pairs: bool = True,
) -> Bundle:
    """Golden cases for problems of the catalogue.

    Args:
        assignment: the assignment's name, recorded in the bundle.
        problems: names from the catalogue; each once.
        seed: where all random inputs come from.
        visibility: recorded in the bundle; it changes nothing else.
        bugs: the bugs to record, in the order in which they are to be named.
        pairs: record two bugs at once, too, which takes most of the time.

    Raises:
        BadAssignment: a problem is not in the catalogue, or its cases do not expose a bug.
    """
    unknown = [name for name in problems if name not in CATALOGUE]
    if unknown:
        raise BadAssignment(
            f"the catalogue has no problem {unknown[0]!r}",
            hint=f"it has {', '.join(CATALOGUE)}",
        )
    with np.errstate(all="ignore"), _no_search_for_garbage():
        made = {
            name: _problem(CATALOGUE[name], seed, bugs, pairs=pairs)
            for name in dict.fromkeys(problems)
        }
    every = [way for problem in made.values() for way in (problem, *problem.alternatives)]
    named = {answer.bug for way in every for case in way.cases for answer in case.bugs}
    return Bundle(
        assignment=assignment,
        visibility=visibility,
        made_by=f"goldgrad {grader.__version__}",
        problems=made,
        bugs={bug.id: bug.note for bug in bugs if bug.id in named},
    )


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Thousands of runs are kept while a problem is made; hardly any are garbage in circles.

    To look for that again and again takes an eighth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# ------------------------------------------------------------------------------------ one problem
def _problem(
    plan: ProblemPlan, seed: bytes, bugs: Sequence[Bug], *, pairs: bool = False
) -> Problem:
    """A problem with its alternatives."""
    ways: list[Way] = []
    for each in (plan, *plan.alternatives):
        # The nearest of those that stand there already: what is the same there is not run again.
        like = next((way for way in ways if way.changes == each.changes), next(iter(ways), None))
        way = _way(each, seed, bugs, like, usual=plan, pairs=pairs)
        ways.append(way)
    made, *others = with_pairs(ways, bugs) if pairs else [way.problem for way in ways]
    return replace(made, alternatives=others)


def _way(
    plan: ProblemPlan,
    seed: bytes,
    bugs: Sequence[Bug],
    like: Way | None,
    usual: ProblemPlan,
    *,
    pairs: bool,
) -> Way:
    """One way to understand a problem."""
    concerned = [bug for bug in bugs if plan.function in bug.changed]
    right = right_functions(plan)
    # From the same streams as the usual one's: what differs is how the numbers are understood.
    cases = [_case(plan, case, stream(seed, usual.name, case.id), right) for case in plan.cases]
    of_like = like.runs if like else {}
    runs = {
        case.id: SharedRuns(case.steps, plan, right, pairs=pairs, like=of_like.get(case.id))
        for case in cases
    }
    known = {case.id: case for case in like.problem.cases} if like else {}
    alike = {case.id for case in cases if case.id in known and _judged_alike(case, known[case.id])}

    def answer(bug: Bug, case: Case) -> BugAnswer | None:
        made = runs[case.id].one(bug)
        if like and case.id in alike and made is like.runs[case.id].one(bug):
            return like.answers[bug.id][case.id]
        return _answer(bug.id, case, plan, made)

    answers = {bug.id: {case.id: answer(bug, case) for case in cases} for bug in concerned}
    for bug in concerned:
        # Who makes the mistake in one setting may be right in another.
        if plan is usual and bug.home == plan.function and not any(answers[bug.id].values()):
            raise BadAssignment(
                f"the golden cases of {plan.name} do not expose the mistake {bug.id}",
                hint="use another seed, or add a case that exposes it",
            )
    recognisable = [answers[bug.id] for bug in concerned if _recognisable(answers[bug.id].values())]
    for case in cases:
        case.bugs.extend(found for each in recognisable if (found := each[case.id]) is not None)
    if plan.compositions:
        done: list[Case] = []
        for case in cases:
            done.append(with_compositions(case, plan, right, bugs, known.get(case.id), done))
        cases = done
    value = plan.setting.value if plan.setting else plan.name
    problem = Problem(
        plan.name if plan is usual else f"{usual.name}:{value}",
        plan.title,
        plan.function,
        cases,
        plan.derivative,
        plan.setting,
    )
    return Way(problem, plan.changes, runs, answers, like)


def _judged_alike(one: Case, other: Case) -> bool:
    """Whether the same outputs pass in both cases; said only of cases without observations."""
    return (
        not one.observed
        and not other.observed
        and one.raises == other.raises
        and one.tolerance == other.tolerance
        and one.looser == other.looser
        and one.loose_shapes == other.loose_shapes
        and is_same(dict(one.expected), dict(other.expected))
    )


def _recognisable(answers: Iterable[BugAnswer | None]) -> bool:
    """Whether a value is among the answers: an exception alone can have any cause."""
    return any(answer is not None and answer.raises is None for answer in answers)


def _case(plan: ProblemPlan, case: CasePlan, draw: Draw, right: Functions) -> Case:
    steps = case.steps(draw)
    made = Case(
        case.id,
        case.category,
        case.tags,
        steps,
        raises=case.raises,
        looser={} if case.raises else plan.looser,
        observed=case.observed,
        loose_shapes=plan.loose_shapes,
    )
    if case.raises is not None:
        return made
    expected = _outputs(made, run(steps, right), plan)
    exact = _outputs(made, run(extended(steps), right), plan)
    unseen = [name for name in case.observed if not np.isfinite(expected[name]).all()]
    if unseen:
        raise BadAssignment(f"{plan.name}, case {case.id}: {unseen[0]} cannot be observed")
    return replace(made, expected=expected, tolerance=_tolerance(expected, exact))


def _outputs(case: Case, bound: Mapping[str, Any], plan: ProblemPlan) -> dict[str, Array]:
    """What is compared in a case: the outputs that it binds, and what is observed."""
    found = {name: np.asarray(bound[name]) for name in plan.outputs if name in bound}
    return found | {name: seen.value for name, seen in case.observations(bound).items()}


def _tolerance(expected: Mapping[str, Array], exact: Mapping[str, Array]) -> Tolerance:
    """The usual one, or wider where rounding alone already moves the values.

    Args:
        expected: the outputs in float64.
        exact: the same in extended precision (or again in float64, where there is none).
    """
    rounding = max(
        float(np.max(np.abs(expected[name] - exact[name]) / (1 + np.abs(exact[name])), initial=0))
        for name in expected
    )
    usual = Tolerance()
    allowed = _ROUNDING_ALLOWED * rounding
    return Tolerance(rtol=max(usual.rtol, allowed), atol=max(usual.atol, allowed))


def _answer(bug: str, case: Case, plan: ProblemPlan, made: Run) -> BugAnswer | None:
    """The outputs that the bug changes in this case; None when it passes."""
    if made.error is not None:
        if not isinstance(made.error, ValueError | IndexError):
            raise made.error
        raised = type(made.error).__name__
        return None if raised == case.raises else BugAnswer(bug, raises=raised)
    wrong = {
        name: _fingerprint(output)
        for name, found in _outputs(case, made.bound, plan).items()
        for output in [case.in_shape(name, found)]
        if case.raises is not None or differs(output, case.expected[name], case.tolerance_of(name))
    }
    return BugAnswer(bug, wrong) if wrong else None


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
