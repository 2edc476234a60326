"""What two bugs of a family answer to one case, summarised.

Where a problem may be understood in several ways, most pairs answer in one way as in another, but
for what the setting itself adds to the answer, as half of a penalty: those are not run again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.bundle import Array, Case
from grader.pairs import AS_IT_MUST, RAISED, Row, rows_of
from reference.bugs.bug import Bug
from reference.shared_runs import Run, SharedRuns

Outputs: TypeAlias = dict[str, Array]
Answer: TypeAlias = "Outputs | Row | None"
"""A row is what an exception counts as; None stands where each formula needs the other."""
Pair: TypeAlias = tuple[str, str]

_ROUNDING: Final = 1e-11
_NOTHING: Final = 1e-15
"""Zero is rounded to this much: the gradient of a bias before batch normalisation."""


@dataclass(frozen=True)
class CaseRows:
    """What is answered to a case with no bug, with each alone and with pairs."""

    answers: Sequence[Answer]
    """The one with no bug first."""
    alone: Mapping[str, int]
    """Bug -> its answer's place."""
    both: Mapping[Pair, int]
    """Pair -> its answer's place."""
    rows: NDArray[np.float64]
    """(answers, 2): their summaries."""

    def in_turn(self) -> NDArray[np.float64]:
        """(1 + bugs + pairs, 2): the summaries with no bug, with each and with each pair."""
        found: NDArray[np.float64] = self.rows[[0, *self.alone.values(), *self.both.values()]]
        return found

    def impossible(self) -> list[bool]:
        """Whether it cannot be run with a pair at all."""
        return [self.answers[place] is None for place in self.both.values()]


def case_rows(
    case: Case,
    names: Sequence[str],
    runs: SharedRuns,
    bugs: Sequence[Bug],
    together: Sequence[tuple[Bug, Bug]],
    like: CaseRows | None,
) -> CaseRows:
    """What is answered to a case.

    Args:
        case: as it is in the way at hand.
        names: all of the problem's outputs.
        runs: the case's.
        bugs: all that are in the pairs.
        together: the pairs.
        like: what is known of the same case in another way.
    """
    alone = [runs.right(), *map(runs.one, bugs)]
    answers = [answer(case, names, made) for made in alone]
    setting = _Setting.between(like, answers, [bug.id for bug in bugs]) if like else None
    # Of a pair of which one makes no difference here, the other's answer stands there already.
    place = {id(made): i for i, made in enumerate(alone)}
    both: dict[Pair, int] = {}
    taken: dict[int, int] = {}
    ids = {id(bug): bug.id for bug in bugs}
    for one, other in together:
        pair = ids[id(one)], ids[id(other)]
        known = setting.place(pair) if setting else None
        if setting is None or known is None:
            made = runs.two(one, other)
            both[pair] = place.get(id(made), len(answers))
            if both[pair] == len(answers):
                answers.append(answer(case, names, made))
            continue
        both[pair] = len(answers)
        answers.append(setting.answer(setting.like.answers[known]))
        if answers[-1] is setting.like.answers[known]:
            taken[both[pair]] = known
    rows = np.zeros((len(answers), 2))
    if taken and setting:
        rows[list(taken)] = setting.like.rows[list(taken.values())]
    usual = [i for i, found in enumerate(answers) if isinstance(found, dict) and i not in taken]
    rows[usual] = rows_of([found for i in usual if isinstance(found := answers[i], dict)], names)
    for i, found in enumerate(answers):
        if isinstance(found, tuple):
            rows[i] = found
    return CaseRows(answers, {bug.id: i for i, bug in enumerate(bugs, 1)}, both, rows)


def answer(case: Case, names: Sequence[str], made: Run) -> Answer:
    """The outputs, or what an exception counts as; None where each formula needs the other."""
    error, bound = made.error, made.bound
    if error is None:
        found = {name: np.asarray(bound[name]) for name in names if name in bound}
        if case.loose_shapes:
            found = {name: case.in_shape(name, value) for name, value in found.items()}
        if case.observed:
            found |= {name: seen.value for name, seen in case.observations(bound).items()}
        return found
    if isinstance(error, RecursionError):
        return None
    if isinstance(error, (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)):
        return AS_IT_MUST if type(error).__name__ == case.raises else RAISED
    raise error


@dataclass(frozen=True)
class _Setting:
    """What it makes of the answers that a case is understood in another way.

    A bug bears it when its own answer is the other way's and what is added to the right one. So is
    then the answer of two that bear it.
    """

    like: CaseRows
    added: Outputs
    """To an output that is another one."""
    bearing: frozenset[str]

    @classmethod
    def between(
        cls, like: CaseRows, answers: Sequence[Answer], bugs: Sequence[str]
    ) -> _Setting | None:
        """What makes these answers of those of ``like``; None where the right ones say nothing.

        Args:
            like: the other way's.
            answers: with no bug, and with each of the bugs.
            bugs: their ids.
        """
        added = _between(answers[0], like.answers[0])
        if added is None:
            return None
        plain = cls(like, added, frozenset())
        bearing = [
            bug
            for bug, own in zip(bugs, answers[1:], strict=True)
            if bug in like.alone and plain.bears(own, like.answers[like.alone[bug]])
        ]
        return cls(like, added, frozenset(bearing))

    def place(self, pair: Pair) -> int | None:
        """Where the other way's answer stands of which this one follows; None if it does not."""
        place = self.like.both.get(pair) if self.bearing.issuperset(pair) else None
        return place if place is not None and self.fits(self.like.answers[place]) else None

    def bears(self, own: Answer, theirs: Answer) -> bool:
        """Whether this way's answer follows of the other's."""
        return self.fits(theirs) and _same(own, self.answer(theirs))

    def fits(self, theirs: Answer) -> bool:
        """Whether what is added has the shape of the other way's answer."""
        return not isinstance(theirs, dict) or all(
            theirs[name].shape == extra.shape
            for name, extra in self.added.items()
            if name in theirs
        )

    def answer(self, theirs: Answer) -> Answer:
        """The other way's answer with what is added to it."""
        if not self.added or not isinstance(theirs, dict):
            return theirs
        added = self.added.items()
        return theirs | {name: theirs[name] + extra for name, extra in added if name in theirs}


def _between(mine: Answer, theirs: Answer) -> Outputs | None:
    """What comes to each output that is another one; None where that cannot be said."""
    if not isinstance(mine, dict) or not isinstance(theirs, dict):
        return {} if mine is theirs else None
    if {n: mine[n].shape for n in mine} != {n: theirs[n].shape for n in theirs}:
        return None
    # Right functions of two settings may round differently, which is nothing that is added.
    other = [name for name in mine if not _near(mine[name], theirs[name])]
    return {name: np.asarray(mine[name], dtype=np.float64) - theirs[name] for name in other}


def _same(one: Answer, other: Answer) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one is other
    return one is other or (
        one.keys() == other.keys() and all(_near(one[name], other[name]) for name in one)
    )


def _near(one: Array, other: Array) -> bool:
    if one is other:
        return True
    if one.shape != other.shape:
        return False
    if not one.size:
        return True
    gap = np.abs(np.subtract(one, other, dtype=np.float64)).max()
    return bool(gap <= max(_ROUNDING * np.abs(other).max(), _NOTHING)) or np.array_equal(
        one, other, equal_nan=True
    )
