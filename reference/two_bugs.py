"""What two registered bugs of a family do together, of a problem's golden cases."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Array, BugAnswer, Case, Problem
from grader.pairs import AS_IT_MUST, RAISED, PairTable, Row, alike, rows_of
from reference.bugs.bug import Bug
from reference.case_steps import Functions, run
from reference.problems.plan import ProblemPlan
from reference.variants import right_functions, with_bugs

# Below this all pairs are run. At 300 one pair of the hinge loss was taken for its sister, which
# alone stood in the table.
_MANY: Final = 1000
_HIDDEN: Final = 1e-9
"""So near to one bug's answer alone, the other does not show."""
_SHOWN: Final = {True: 2, False: 1}


def with_pairs(problem: Problem, plan: ProblemPlan, bugs: Sequence[Bug]) -> Problem:
    """The problem with what pairs of bugs answer.

    Its alternatives are left without: who understands a problem in another way and makes two
    mistakes as well is rare, and each would take as long again.

    Args:
        problem: its cases, with the bugs' own answers.
        plan: what it was made from.
        bugs: all that are registered.
    """
    exposed = {answer.bug for case in problem.cases for answer in case.bugs}
    concerned = [bug for bug in bugs if bug.id in exposed]
    return replace(problem, pairs=_pairs_of(problem, plan, concerned))


def _pairs_of(problem: Problem, plan: ProblemPlan, bugs: Sequence[Bug]) -> PairTable | None:
    """The pairs whose answers do not follow from those of the two bugs.

    Left out are pairs that change other outputs each, which are recognised without a table, and
    pairs of which one hides the other, or both each other.
    """
    right = right_functions(plan)
    places = {bug.id: _places(problem, bug) for bug in bugs}
    together = list(pairs(bugs))
    if len(together) > _MANY:
        # Nearly all that change other outputs each do not touch one another. Who answers where
        # an exception is due, though, answers with every other mistake in it; and what one moves
        # by too little to be wrong may be what the other makes wrong.
        refused = {case.id for case in problem.cases if case.raises}
        lenient = {bug for bug, found in places.items() if {case for case, _ in found} <= refused}
        moved = {bug.id: _moved(problem, plan, bug, right) for bug in bugs}
        together = [
            (a, b)
            for a, b in together
            if lenient & {a.id, b.id} or not moved[a.id].isdisjoint(moved[b.id])
        ]
    if not together:
        return None
    cases = problem.cases
    if len(together) * len(cases) > _MANY:
        cases = _telling(problem)
    tried = [right] + [with_bugs(plan, some, right) for some in ((bug,) for bug in bugs)]
    rows, _ = _rows(cases, problem.outputs, tried)
    golden, of = rows[0], {bug.id: row for bug, row in zip(bugs, rows[1:], strict=True)}
    both, kept = _rows(cases, problem.outputs, [with_bugs(plan, two, right) for two in together])
    one = np.array([of[first.id] for first, _ in together])
    other = np.array([of[second.id] for _, second in together])
    kept &= ~np.isnan(both).all(axis=(1, 2))
    kept &= ~alike(both, np.broadcast_to(golden, both.shape))
    # What is a little beside the one's own answer is not its answer.
    for known in (one, other):
        kept &= ~alike(both, known, _HIDDEN)
    disjoint = [places[first.id].isdisjoint(places[second.id]) for first, second in together]
    kept &= ~(np.array(disjoint) & alike(both, one + other - golden, _HIDDEN))
    if not kept.any():
        return None
    names = [(together[i][0].id, together[i][1].id) for i in np.flatnonzero(kept)]
    ids = tuple(case.id for case in cases)
    return PairTable(tuple(names), ids, both[kept].astype(np.float32))


def pairs(bugs: Sequence[Bug]) -> Iterator[tuple[Bug, Bug]]:
    """All pairs of bugs that can be made at once: of a family, and of different formulas."""
    for one, other in itertools.combinations(bugs, 2):
        if one.family is other.family and not one.changes.keys() & other.changes.keys():
            yield one, other


def _places(problem: Problem, bug: Bug) -> set[tuple[str, str]]:
    return {
        (case.id, name)
        for case in problem.cases
        for answer in case.bugs
        if answer.bug == bug.id
        for name in (answer.outputs or [""])
    }


def _moved(problem: Problem, plan: ProblemPlan, bug: Bug, right: Functions) -> set[tuple[str, str]]:
    """Where the bug changes an answer, be it by next to nothing."""
    wrong = with_bugs(plan, (bug,), right)
    found = set()
    for case in problem.cases:
        ours, theirs = (_answer(case, problem.outputs, each) for each in (right, wrong))
        if not isinstance(ours, dict) or not isinstance(theirs, dict):
            found |= {(case.id, name) for name in problem.outputs}
            continue
        found |= {
            (case.id, name)
            for name in ours.keys() | theirs.keys()
            if name not in ours
            or name not in theirs
            or np.shape(ours[name]) != np.shape(theirs[name])
            or not np.allclose(ours[name], theirs[name], rtol=_HIDDEN, atol=0)
        }
    return found


def _telling(problem: Problem) -> list[Case]:
    """Cases that show each bug twice, and once as NaN or exception, if such are there.

    As few as will do: thousands of pairs are run on each of them.
    """
    # What ends in NaN or in an exception hides the other mistake, and is told apart by that.
    exposing = {
        case.id: {(answer.bug, _finite(answer)) for answer in case.bugs} for case in problem.cases
    }
    times = Counter(bug for bugs in exposing.values() for bug in bugs)
    wanted = {(bug, finite): min(_SHOWN[finite], n) for (bug, finite), n in times.items()}
    chosen: set[str] = set()
    while any(wanted.values()):
        best = max(
            (case for case in exposing if case not in chosen),
            key=lambda case: sum(wanted[bug] > 0 for bug in exposing[case]),
        )
        chosen.add(best)
        for bug in exposing[best]:
            wanted[bug] -= wanted[bug] > 0
    return [case for case in problem.cases if case.id in chosen]


def _finite(answer: BugAnswer) -> bool:
    return bool(answer.outputs) and all(each.projections for each in answer.outputs.values())


def _rows(
    cases: Sequence[Case], names: Sequence[str], tried: Sequence[Functions]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What each of these functions answers: (tried, cases, 2); and whether it can be run at all."""
    rows = np.empty((len(tried), len(cases), 2))
    possible = np.ones(len(tried), dtype=bool)
    for number, case in enumerate(cases):
        answers = [_answer(case, names, functions) for functions in tried]
        usual = [i for i, answer in enumerate(answers) if isinstance(answer, dict)]
        found = [answer for answer in answers if isinstance(answer, dict)]
        rows[usual, number] = rows_of(found, names)
        for i, answer in enumerate(answers):
            if isinstance(answer, tuple):
                rows[i, number] = answer
            possible[i] &= answer is not None
    return rows, possible


def _answer(
    case: Case, names: Sequence[str], functions: Functions
) -> dict[str, Array] | Row | None:
    """The outputs, or what an exception counts as; None where each formula needs the other."""
    try:
        bound = run(case.steps, functions)
    except RecursionError:
        return None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return AS_IT_MUST if type(error).__name__ == case.raises else RAISED
    found = {name: case.in_shape(name, np.asarray(bound[name])) for name in names if name in bound}
    return found | {name: seen.value for name, seen in case.observations(bound).items()}
