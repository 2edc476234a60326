"""Which registered bugs give exactly these answers?

A bug is named only when it explains what was seen: on every golden case of the problem the
student's outputs equal the bug's where the bug changes the answer, and the golden ones where it
does not. If two bugs explain the same complete answers, neither is named: a false name is worse
than none. Two bugs at once are named when they explain everything together and no other pair does.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.bundle import Array, BugAnswer, BugNote, Bundle, Case, Problem
from grader.fingerprint import Fingerprint
from grader.pairs import AS_IT_MUST, RAISED, Row, rows_of


@dataclass(frozen=True)
class Answer:
    """What the student's code answered to one golden case."""

    outputs: Mapping[str, Array] = field(default_factory=dict)
    """The numeric outputs, by bound name; missing ones are not judged."""
    wrong: frozenset[str] = frozenset()
    """The outputs that are not golden."""
    raised: str | None = None
    """The exception's type name, when the last step raised."""
    _fingerprints: dict[str, Fingerprint] = field(default_factory=dict, compare=False, repr=False)

    def matches(self, output: str, fingerprint: Fingerprint) -> bool:
        """Whether an output, which must be there, is the one that was summarised so."""
        got = self.outputs[output]
        # The shape first: an answer of sixty million entries takes gigabytes to summarise.
        if np.shape(got) != fingerprint.shape:
            return False
        if output not in self._fingerprints:
            self._fingerprints[output] = Fingerprint.of(got)
        return self._fingerprints[output].matches(fingerprint)


def diagnose(
    bundle: Bundle,
    problem: Problem,
    answers: Mapping[str, Answer],
    cases: Collection[str] | None = None,
    outputs: Collection[str] | None = None,
) -> BugNote | None:
    """The first of :func:`mistakes`, or None."""
    return next(iter(mistakes(bundle, problem, answers, cases, outputs)), None)


def one_explains_all(problem: Problem, answers: Mapping[str, Answer]) -> bool:
    """Whether there is a registered bug that gives exactly these answers, of all cases."""
    concerned = {answer.bug for case in problem.cases for answer in case.bugs}
    return bool(_explaining(concerned, problem.cases, answers, None))


def mistakes(
    bundle: Bundle,
    problem: Problem,
    answers: Mapping[str, Answer],
    cases: Collection[str] | None = None,
    outputs: Collection[str] | None = None,
) -> list[BugNote]:
    """The registered bugs that explain the answers: one, two, or none.

    One bug that explains everything is the best evidence, so that is tried first; then two bugs
    that explain everything together, of which those are told that show in what is at hand. Then
    an unknown second mistake may be around: first the cases at hand are judged alone (who forgets
    to test whether windows fit may also ignore the stride), then only the outputs at hand.

    Args:
        bundle: where the bugs' messages are.
        problem: the problem the answers belong to.
        answers: by case id; cases that could not be run are simply absent.
        cases: the ids of the cases at hand; None for all.
        outputs: the outputs that are wrong in the check at hand; None for all.
    """
    concerned = {answer.bug for case in problem.cases for answer in case.bugs}
    registered = [bug for bug in bundle.bugs if bug in concerned]
    chosen = [case for case in problem.cases if cases is None or case.id in cases]
    everything = _explaining(registered, problem.cases, answers, None)
    if everything:
        return _unless_ambiguous(bundle, problem, answers, everything)
    both = _two_at_once(registered, problem, answers)
    if both:
        at_hand = [bug for bug in both if _shows(bug, chosen, outputs)]
        return [bundle.bugs[bug] for bug in at_hand or both]
    possible = [bug for bug in registered if not _contradicted(bug, problem, answers)]
    at_hand = _explaining(possible, chosen, answers, None)
    if at_hand:
        return _unless_ambiguous(bundle, problem, answers, at_hand)
    part = _explaining(possible, chosen, answers, outputs) if outputs else []
    # The registry lists the bug that changes nothing else before its sisters.
    return [bundle.bugs[bug] for bug in part[:1]]


def _two_at_once(
    registered: Iterable[str], problem: Problem, answers: Mapping[str, Answer]
) -> list[str]:
    """The two bugs that explain everything together; of several such pairs what they share."""
    if not _says_something(answers):
        return []
    found = [set(pair) for pair in _side_by_side(registered, problem, answers)]
    if problem.pairs is None:
        seen = {}
    else:  # cases in which pairs were not tried say nothing of them
        seen = {case: answers[case] for case in problem.pairs.cases if case in answers}
    rows = _rows(problem, answers) if _says_something(seen) else None
    if problem.pairs is not None and rows is not None:
        found += [set(pair) for pair in problem.pairs.matching(rows)]
    common = set.intersection(*found) if found else set()
    return [bug for bug in registered if bug in common]


def _says_something(answers: Mapping[str, Answer]) -> bool:
    """Whether a wrong output is more than 0, 1, -1 or NaN throughout.

    Those can come of too many things for any two mistakes to be named: all zeros are an unfinished
    function's.
    """
    wrong = (answer.outputs[name] for answer in answers.values() for name in answer.wrong)
    return any(
        np.isfinite(array).all()
        and (array.min() != array.max() or abs(array.flat[0]) not in {0, 1})
        for array in map(np.asarray, wrong)
        if array.size
    )


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
    evidence = 0
    for case in problem.cases:
        answer = answers.get(case.id)
        theirs = next((b for b in case.bugs if b.bug == bug), None)
        if answer is None or theirs is None:
            continue
        if theirs.raises is None and answer.raised not in {None, case.raises}:
            continue  # hidden by an exception, which must then be the other bug's
        weight = _evidence(theirs, case, answer, theirs.outputs)
        if weight is None:
            return set()
        evidence += weight
        found |= {(case.id, name) for name in theirs.outputs} or {(case.id, None)}
    return found if evidence else set()


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


def _shows(bug: str, cases: Iterable[Case], outputs: Collection[str] | None) -> bool:
    return any(
        theirs.raises is not None
        or outputs is None
        or not theirs.outputs.keys().isdisjoint(outputs)
        for case in cases
        for theirs in case.bugs
        if theirs.bug == bug
    )


def _explaining(
    registered: Iterable[str],
    cases: Collection[Case],
    answers: Mapping[str, Answer],
    judged: Collection[str] | None,
) -> list[str]:
    return [bug for bug in registered if _explains(bug, cases, answers, judged)]


def _contradicted(bug: str, problem: Problem, answers: Mapping[str, Answer]) -> bool:
    """Whether something is right that the bug would make wrong."""
    for case in problem.cases:
        answer = answers.get(case.id)
        theirs = case.answer_of.get(bug)
        if answer is None or theirs is None:
            continue
        right = answer.outputs.keys() - answer.wrong
        if right & theirs.outputs.keys() or (answer.raised and answer.raised == case.raises):
            return True
    return False


def _unless_ambiguous(
    bundle: Bundle, problem: Problem, answers: Mapping[str, Answer], found: list[str]
) -> list[BugNote]:
    if len(found) == 1 or _incomplete(problem, answers):
        return [bundle.bugs[found[0]]]
    return []


def _incomplete(problem: Problem, answers: Mapping[str, Answer]) -> bool:
    """Whether outputs are missing everywhere, as gradients are while they are unwritten.

    What can be seen is then wrong in the way of each bug that was found, and the registry's order
    puts the one first that changes nothing else.
    """
    expected = {name for case in problem.cases for name in case.expected}
    seen = {name for answer in answers.values() for name in answer.outputs}
    return bool(expected - seen)


def _explains(
    bug: str,
    cases: Iterable[Case],
    answers: Mapping[str, Answer],
    judged: Collection[str] | None,
) -> bool:
    evidence = 0
    for case in cases:
        answer = answers.get(case.id)
        if answer is None:
            continue
        theirs = case.answer_of.get(bug)
        weight = _evidence(theirs, case, answer, judged)
        if weight is None:
            return False
        evidence += weight
    return evidence > 0


def _evidence(
    theirs: BugAnswer | None, case: Case, answer: Answer, judged: Collection[str] | None
) -> int | None:
    """How many cases or outputs speak for the bug; None when one speaks against it."""
    wrong = answer.wrong if judged is None else answer.wrong & set(judged)
    if theirs is None:  # the bug does not show here, so the answer must be golden
        return None if wrong or answer.raised != case.raises else 0
    if theirs.raises is not None:
        # Loops and array code raise different exceptions for the same mistake, and any mistake
        # may raise: it fits, but it is no evidence.
        return None if answer.raised is None else 0
    if answer.raised is not None:
        return None
    if wrong - theirs.outputs.keys():
        return None  # something is wrong that this bug does not touch
    seen = 0
    for name, fingerprint in theirs.outputs.items():
        if name not in answer.outputs or (judged is not None and name not in judged):
            continue
        if not answer.matches(name, fingerprint):
            return None
        seen += name in wrong
    return seen
