"""Whether a registered bug is what a student's answers to a problem come from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.bundle import Array, BugAnswer, Case, Problem
from grader.fingerprint import RTOL, Fingerprint


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

    def matches(self, output: str, fingerprint: Fingerprint, rtol: float = RTOL) -> bool:
        """Whether an output, which must be there, is the one that was summarised so."""
        got = self.outputs[output]
        # The shape first: an answer of sixty million entries takes gigabytes to summarise.
        if np.shape(got) != fingerprint.shape:
            return False
        if output not in self._fingerprints:
            self._fingerprints[output] = Fingerprint.of(got)
        return self._fingerprints[output].matches(fingerprint, rtol)


def explaining(
    registered: Iterable[str],
    cases: Collection[Case],
    answers: Mapping[str, Answer],
    judged: Collection[str] | None,
) -> list[str]:
    """The bugs that give exactly these answers.

    Args:
        registered: the bugs to choose from.
        cases: those that are looked at.
        answers: by case id.
        judged: the outputs that are looked at; None for all.
    """
    return [bug for bug in registered if _explains(bug, cases, answers, judged)]


def _explains(
    bug: str,
    cases: Iterable[Case],
    answers: Mapping[str, Answer],
    judged: Collection[str] | None,
) -> bool:
    total = 0
    for case in cases:
        answer = answers.get(case.id)
        if answer is None:
            continue
        theirs = case.answer_of.get(bug)
        weight = evidence(theirs, case, answer, judged)
        if weight is None:
            return False
        total += weight
    return total > 0


def evidence(
    theirs: BugAnswer | None,
    case: Case,
    answer: Answer,
    judged: Collection[str] | None,
    rtol: float = RTOL,
) -> int | None:
    """How many outputs of a case speak for a bug; None when one speaks against it.

    Args:
        theirs: what the bug answers; None where it does not show.
        case: the golden case.
        answer: the student's answer.
        judged: the outputs that are looked at; None for all.
        rtol: how near the bug's answer is near enough.
    """
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
        if not answer.matches(name, fingerprint, rtol):
            return None
        seen += name in wrong
    return seen


def contradicted(bug: str, problem: Problem, answers: Mapping[str, Answer]) -> bool:
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


def incomplete(problem: Problem, answers: Mapping[str, Answer]) -> bool:
    """Whether outputs are missing everywhere, as gradients are while they are unwritten.

    What can be seen is then wrong in the way of each bug that was found, and the registry's order
    puts the one first that changes nothing else.
    """
    expected = {name for case in problem.cases for name in case.expected}
    seen = {name for answer in answers.values() for name in answer.outputs}
    return bool(expected - seen)
