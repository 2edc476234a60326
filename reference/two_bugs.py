"""What two registered bugs of a family do together, of a problem's golden cases."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Array, BugAnswer, Case, Problem
from grader.pairs import AS_IT_MUST, RAISED, PairTable, Row, alike, rows_of
from reference.bugs.bug import Bug
from reference.shared_runs import Run, SharedRuns

# Below this all pairs are run. At 300 one pair of the hinge loss was taken for its sister, which
# alone stood in the table.
_MANY: Final = 1000
_HIDDEN: Final = 1e-9
"""So near to one bug's answer alone, the other does not show."""
_SHOWN: Final = {True: 2, False: 1}


def with_pairs(problem: Problem, bugs: Sequence[Bug], runs: Mapping[str, SharedRuns]) -> Problem:
    """The problem with what pairs of bugs answer.

    Its alternatives are left without: who understands a problem in another way and makes two
    mistakes as well is rare, and each would take as long again.

    Args:
        problem: its cases, with the bugs' own answers.
        bugs: all that are registered.
        runs: of its cases, by their ids.
    """
    exposed = {answer.bug for case in problem.cases for answer in case.bugs}
    concerned = [bug for bug in bugs if bug.id in exposed]
    return replace(problem, pairs=_pairs_of(problem, concerned, runs))


def _pairs_of(
    problem: Problem, bugs: Sequence[Bug], runs: Mapping[str, SharedRuns]
) -> PairTable | None:
    """The pairs whose answers do not follow from those of the two bugs.

    Left out are pairs that change other outputs each, which are recognised without a table, and
    pairs of which one hides the other, or both each other.
    """
    places = {bug.id: _places(problem, bug) for bug in bugs}
    together = list(pairs(bugs))
    if len(together) > _MANY:
        # Nearly all that change other outputs each do not touch one another. Who answers where
        # an exception is due, though, answers with every other mistake in it; and what one moves
        # by too little to be wrong may be what the other makes wrong.
        refused = {case.id for case in problem.cases if case.raises}
        lenient = {bug for bug, found in places.items() if {case for case, _ in found} <= refused}
        moved = {bug.id: _moved(problem, bug, runs) for bug in bugs}
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
    rows, kept = _rows(cases, problem.outputs, runs, bugs, together)
    golden, both, kept = rows[0], rows[1 + len(bugs) :], kept[1 + len(bugs) :]
    of = {bug.id: row for bug, row in zip(bugs, rows[1:], strict=False)}
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


def _moved(problem: Problem, bug: Bug, runs: Mapping[str, SharedRuns]) -> set[tuple[str, str]]:
    """Where the bug changes an answer, be it by next to nothing."""
    found = set()
    for case in problem.cases:
        shared = runs[case.id]
        ours, theirs = (
            _answer(case, problem.outputs, made) for made in (shared.right(), shared.one(bug))
        )
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
    cases: Sequence[Case],
    names: Sequence[str],
    runs: Mapping[str, SharedRuns],
    bugs: Sequence[Bug],
    together: Sequence[tuple[Bug, Bug]],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What is answered with no bug, with each alone and with each pair: (answers, cases, 2).

    And whether it can be run at all.
    """
    count = 1 + len(bugs) + len(together)
    rows = np.empty((count, len(cases), 2))
    possible = np.ones(count, dtype=bool)
    for number, case in enumerate(cases):
        shared = runs[case.id]
        alone = [shared.right(), *map(shared.one, bugs)]
        # Of a pair of which one makes no difference here, the other's answer stands there already.
        place = {id(made): i for i, made in enumerate(alone)}
        answers = [_answer(case, names, made) for made in alone]
        of = list(range(len(answers)))
        for one, other in together:
            made = shared.two(one, other)
            of.append(place.get(id(made), len(answers)))
            if of[-1] == len(answers):
                answers.append(_answer(case, names, made))
        found, can_be = _summaries(answers, names)
        rows[:, number] = found[of]
        possible &= can_be[of]
    return rows, possible


def _summaries(
    answers: Sequence[dict[str, Array] | Row | None], names: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rows = np.zeros((len(answers), 2))
    usual = [i for i, answer in enumerate(answers) if isinstance(answer, dict)]
    rows[usual] = rows_of([answer for answer in answers if isinstance(answer, dict)], names)
    for i, answer in enumerate(answers):
        if isinstance(answer, tuple):
            rows[i] = answer
    return rows, np.array([answer is not None for answer in answers])


def _answer(case: Case, names: Sequence[str], made: Run) -> dict[str, Array] | Row | None:
    """The outputs, or what an exception counts as; None where each formula needs the other."""
    error, bound = made.error, made.bound
    if error is None:
        found = {n: case.in_shape(n, np.asarray(bound[n])) for n in names if n in bound}
        return found | {name: seen.value for name, seen in case.observations(bound).items()}
    if isinstance(error, RecursionError):
        return None
    if isinstance(error, (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)):
        return AS_IT_MUST if type(error).__name__ == case.raises else RAISED
    raise error
