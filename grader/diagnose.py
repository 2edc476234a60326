"""Which registered bug gives exactly these answers?

A bug is named only when it explains what was seen: on every golden case of the problem the
student's outputs equal the bug's where the bug changes the answer, and the golden ones where it
does not. If two bugs explain the same complete answers, neither is named: a false name is worse
than none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.bundle import Array, BugAnswer, BugNote, Bundle, Case, Problem
from grader.fingerprint import Fingerprint


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
    """The registered bug that explains the answers, or None.

    One bug that explains everything is the best evidence, so that is tried first. Then a second
    mistake may be around: first the cases at hand are judged alone (who forgets to test whether
    windows fit may also ignore the stride), then only the outputs at hand.

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
    possible = [bug for bug in registered if not _contradicted(bug, problem, answers)]
    at_hand = _explaining(possible, chosen, answers, None)
    if at_hand:
        return _unless_ambiguous(bundle, problem, answers, at_hand)
    part = _explaining(possible, chosen, answers, outputs) if outputs else []
    # The registry lists the bug that changes nothing else before its sisters.
    return bundle.bugs[part[0]] if part else None


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
) -> BugNote | None:
    if len(found) == 1 or _incomplete(problem, answers):
        return bundle.bugs[found[0]]
    return None


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
