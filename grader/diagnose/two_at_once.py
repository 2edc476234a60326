"""Two registered bugs at once: the pairs that explain a student's answers together."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from grader.bundle import Array, Case, Problem
from grader.diagnose.evidence import Answer, evidence
from grader.pairs import AS_IT_MUST, RAISED, Row, rows_of

_NOTHING: Final = 0
_LITTLE: Final = 1
_ENOUGH: Final = 2
# A second mistake may move what is the first one's by next to nothing, as a logarithm of p + 1e-6.
_NEARLY: Final = 1e-5


@dataclass(frozen=True)
class Pairs:
    """The pairs of bugs that explain everything together, in the registry's order."""

    found: tuple[tuple[str, ...], ...] = ()
    """A pair whose other bug shows only beside the first is the first alone."""
    certain: bool = True
    """False where all that is wrong is one number throughout, which much else gives as well."""

    @property
    def shared(self) -> list[str]:
        """The bugs that are in every pair."""
        first = self.found[0] if self.found else ()
        return [bug for bug in first if all(bug in pair for pair in self.found)]


def pairs_explaining(
    registered: Sequence[str], problem: Problem, answers: Mapping[str, Answer]
) -> Pairs:
    """The pairs of bugs that explain everything together.

    Args:
        registered: the bugs to choose from.
        problem: the problem the answers belong to.
        answers: by case id.
    """
    said = _said(answers)
    if not said:
        return Pairs()
    found = [set(pair) for pair in _side_by_side(registered, problem, answers)]
    if problem.pairs is not None:
        # Cases in which pairs were not tried say nothing of them.
        seen = {case: answers[case] for case in problem.pairs.cases if case in answers}
        rows = _rows(problem, answers) if _said(seen) >= said else None
        if rows is not None:
            found += [set(pair) for pair in problem.pairs.matching(rows)]
    pairs = (tuple(bug for bug in registered if bug in pair) for pair in found)
    return Pairs(tuple(dict.fromkeys(pairs)), certain=said == _ENOUGH)


def _said(answers: Mapping[str, Answer]) -> int:
    """How much the wrong outputs say of two mistakes: nothing, little, or enough.

    All zeros are an unfinished function's, and NaN can come of anything; 1 or -1 throughout is not
    much better. Where another output of the same call is right, the function is written, though.
    """
    said = _NOTHING
    for answer in answers.values():
        outputs = [np.asarray(answer.outputs[name]) for name in answer.wrong]
        right = [np.asarray(answer.outputs[n]) for n in answer.outputs.keys() - answer.wrong]
        if outputs and any(output.size and output.min() != output.max() for output in right):
            return _ENOUGH
        for output in outputs:
            if not output.size or not np.isfinite(output).all():
                continue
            if output.min() != output.max() or abs(output.flat[0]) not in {0, 1}:
                return _ENOUGH
            if output.flat[0]:
                said = _LITTLE
    return said


def _side_by_side(
    registered: Iterable[str], problem: Problem, answers: Mapping[str, Answer]
) -> list[tuple[str, str]]:
    """Pairs of which each changes other outputs, and that change all that is wrong."""
    wrong = {(case, name) for case, answer in answers.items() for name in answer.wrong} | {
        (case.id, None)
        for case in problem.cases
        if case.id in answers and answers[case.id].raised not in {None, case.raises}
    }
    places = {bug: _places(bug, problem, answers) for bug in registered}
    visible = [bug for bug, where in places.items() if where]
    return [
        (one, other)
        for one, other in itertools.combinations(visible, 2)
        if not places[one] & places[other] and places[one] | places[other] == wrong
    ]


def _places(
    bug: str, problem: Problem, answers: Mapping[str, Answer]
) -> set[tuple[str, str | None]]:
    """Where the bug changes what is known (None: an exception); empty when an answer is not its."""
    found: set[tuple[str, str | None]] = set()
    total = 0
    for case in problem.cases:
        answer = answers.get(case.id)
        theirs = next((b for b in case.bugs if b.bug == bug), None)
        if answer is None or theirs is None:
            continue
        if theirs.raises is None and answer.raised not in {None, case.raises}:
            continue  # hidden by an exception, which must then be the other bug's
        weight = evidence(theirs, case, answer, theirs.outputs, _NEARLY)
        if weight is None:
            return set()
        total += weight
        found |= {(case.id, name) for name in theirs.outputs} or {(case.id, None)}
    return found if total else set()


def _rows(problem: Problem, answers: Mapping[str, Answer]) -> dict[str, Row] | None:
    """The answers, summarised as pairs' are; None when outputs are missing in them."""
    rows: dict[str, Row] = {}
    for case in problem.cases:
        answer = answers.get(case.id)
        if answer is None:
            continue
        if answer.raised is not None:
            rows[case.id] = AS_IT_MUST if answer.raised == case.raises else RAISED
        elif case.expected.keys() - answer.outputs.keys():
            return None
        else:
            small = all(_no_larger(got, case, name) for name, got in answer.outputs.items())
            rows[case.id] = _row(answer.outputs, problem.outputs) if small else RAISED
    return rows


def _row(outputs: Mapping[str, Array], names: Collection[str]) -> Row:
    ((towards, size),) = rows_of([outputs], list(names)).tolist()
    return towards, size


def _no_larger(got: Array, case: Case, name: str) -> bool:
    # An answer of sixty million entries takes gigabytes to summarise; no bug gives such a one.
    wanted = case.expected.get(name)
    return np.size(got) <= 1000 + 100 * (1000 if wanted is None else wanted.size)
