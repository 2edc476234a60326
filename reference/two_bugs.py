"""What two registered bugs of a family do together, of a problem's golden cases."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from grader.bundle import Array, BugAnswer, Case, Problem
from grader.pairs import PairTable, alike
from reference.bugs.bug import Bug
from reference.bugs.sheet import Formulas
from reference.pair_rows import CaseRows, answer, case_rows
from reference.shared_runs import SharedRuns

# Below this all pairs are run. At 300 one pair of the hinge loss was taken for its sister, which
# alone stood in the table.
_MANY: Final = 1000
_HIDDEN: Final = 1e-9
"""So near to one bug's answer alone, the other does not show."""
_SHOWN: Final = {True: 2, False: 1}


@dataclass(frozen=True)
class Way:
    """One way to understand a problem, as it is being made."""

    problem: Problem
    changes: Formulas
    """What is another formula in it than in the family."""
    runs: Mapping[str, SharedRuns]
    """Of the problem's cases, by their ids."""
    answers: Mapping[str, Mapping[str, BugAnswer | None]]
    """By bug and case."""
    like: Way | None
    """Another one, of which most is the same."""


def with_pairs(ways: Sequence[Way], bugs: Sequence[Bug]) -> list[Problem]:
    """All ways to understand a problem, with what pairs of bugs answer.

    Args:
        ways: each after the one that it is like.
        bugs: all that are registered.
    """
    made: dict[int, _Made] = {}
    for way in ways:
        like = made[id(way.like)] if way.like else None
        made[id(way)] = _pairs_of(way, bugs, like)
    return [replace(way.problem, pairs=made[id(way)].table) for way in ways]


@dataclass(frozen=True)
class _Made:
    bugs: frozenset[str]
    """Those of the pairs."""
    table: PairTable | None = None
    rows: Mapping[str, CaseRows] = field(default_factory=dict)
    """By case."""


def _pairs_of(way: Way, registered: Sequence[Bug], like: _Made | None) -> _Made:
    """The pairs whose answers do not follow from those of the two bugs.

    Left out are pairs that change other outputs each, which are recognised without a table, and
    pairs of which one hides the other, or both each other.
    """
    problem = way.problem
    exposed = frozenset(answer.bug for case in problem.cases for answer in case.bugs)
    # What makes no difference here by itself may beside another mistake.
    exposed |= like.bugs if like else frozenset()
    bugs = [bug for bug in registered if bug.id in exposed]
    places = {bug.id: _places(problem, bug) for bug in bugs}
    together = list(pairs(bugs))
    if len(together) > _MANY:
        # Nearly all that change other outputs each do not touch one another. Who answers where
        # an exception is due, though, answers with every other mistake in it; and what one moves
        # by too little to be wrong may be what the other makes wrong.
        refused = {case.id for case in problem.cases if case.raises}
        lenient = {bug for bug, found in places.items() if {case for case, _ in found} <= refused}
        moved = {bug.id: _moved(problem, bug, way.runs) for bug in bugs}
        together = [
            (a, b)
            for a, b in together
            if lenient & {a.id, b.id} or not moved[a.id].isdisjoint(moved[b.id])
        ]
    if not together:
        return _Made(exposed)
    known = like.rows if like else {}
    cases = problem.cases
    if len(together) * len(cases) > _MANY:
        cases = _telling(problem, known)
    made = {
        case.id: case_rows(
            case, problem.outputs, way.runs[case.id], bugs, together, known.get(case.id)
        )
        for case in cases
    }
    rows = np.stack([of.in_turn() for of in made.values()], axis=1)
    possible = ~np.any([of.impossible() for of in made.values()], axis=0)
    golden, both = rows[0], rows[1 + len(bugs) :]
    of = {bug.id: row for bug, row in zip(bugs, rows[1:], strict=False)}
    one = np.array([of[first.id] for first, _ in together])
    other = np.array([of[second.id] for _, second in together])
    kept = possible & ~np.isnan(both).all(axis=(1, 2))
    kept &= ~alike(both, np.broadcast_to(golden, both.shape))
    # What is a little beside the one's own answer is not its answer.
    for alone in (one, other):
        kept &= ~alike(both, alone, _HIDDEN)
    disjoint = [places[first.id].isdisjoint(places[second.id]) for first, second in together]
    kept &= ~(np.array(disjoint) & alike(both, one + other - golden, _HIDDEN))
    if not kept.any():
        return _Made(exposed, rows=made)
    names = [(together[i][0].id, together[i][1].id) for i in np.flatnonzero(kept)]
    ids = tuple(case.id for case in cases)
    table = PairTable(tuple(names), ids, both[kept].astype(np.float32))
    same = like is not None and like.table is not None and table.is_same(like.table)
    return _Made(exposed, like.table if same and like else table, made)


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
            answer(case, problem.outputs, made) for made in (shared.right(), shared.one(bug))
        )
        if not isinstance(ours, dict) or not isinstance(theirs, dict):
            found |= {(case.id, name) for name in problem.outputs}
            continue
        found |= {
            (case.id, name)
            for name in ours.keys() | theirs.keys()
            if name not in ours or name not in theirs or not _nearly_same(ours[name], theirs[name])
        }
    return found


def _nearly_same(one: Array, other: Array) -> bool:
    # As np.allclose has it, which takes ten times as long for arrays as small as these.
    if one.shape != other.shape or not np.isfinite(other).all():
        return np.array_equal(one, other)
    gap = np.abs(np.subtract(one, other, dtype=np.float64))
    return bool((gap <= _HIDDEN * np.abs(other)).all())


def _telling(problem: Problem, known: Collection[str]) -> list[Case]:
    """Cases that show each bug twice, and once as NaN or exception, if such are there.

    As few as will do: thousands of pairs are run on each of them. Those that are known in another
    way are among them.
    """
    # What ends in NaN or in an exception hides the other mistake, and is told apart by that.
    exposing = {
        case.id: {(answer.bug, _finite(answer)) for answer in case.bugs} for case in problem.cases
    }
    times = Counter(bug for bugs in exposing.values() for bug in bugs)
    wanted = {(bug, finite): min(_SHOWN[finite], n) for (bug, finite), n in times.items()}
    chosen: set[str] = set()
    known = [case for case in exposing if case in known]
    while known or any(wanted.values()):
        best = (
            known.pop()
            if known
            else max(
                (case for case in exposing if case not in chosen),
                key=lambda case: sum(wanted[bug] > 0 for bug in exposing[case]),
            )
        )
        chosen.add(best)
        for bug in exposing[best]:
            wanted[bug] -= wanted[bug] > 0
    return [case for case in problem.cases if case.id in chosen]


def _finite(answer: BugAnswer) -> bool:
    return bool(answer.outputs) and all(each.projections for each in answer.outputs.values())
