"""Which registered bug gives exactly these answers?

A bug is named only when it explains what was seen: on every golden case of the problem the
student's outputs equal the bug's where the bug changes the answer, and the golden ones where it
does not. If two bugs explain the same answers, neither is named: a false name is worse than none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

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


def diagnose(
    bundle: Bundle,
    problem: Problem,
    answers: Mapping[str, Answer],
    outputs: Collection[str] | None = None,
) -> BugNote | None:
    """The registered bug that explains the answers, or None.

    Args:
        bundle: where the bugs' messages are.
        problem: the problem the answers belong to.
        answers: by case id; cases that could not be run are simply absent.
        outputs: judge only these outputs. First all outputs are tried: one bug that explains
            everything is better evidence than one that explains a part.
    """
    for judged in (None, outputs):
        found = [
            bug for bug in _registered(problem) if _explains(bug, problem.cases, answers, judged)
        ]
        if len(found) == 1:
            return bundle.bugs[found[0]]
        if found or outputs is None:
            return None
    return None


def _registered(problem: Problem) -> list[str]:
    return sorted({answer.bug for case in problem.cases for answer in case.bugs})


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
        theirs = next((b for b in case.bugs if b.bug == bug), None)
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
    if theirs.raises is not None or answer.raised is not None:
        return 1 if theirs.raises == answer.raised else None
    if wrong - theirs.outputs.keys():
        return None  # something is wrong that this bug does not touch
    seen = 0
    for name, fingerprint in theirs.outputs.items():
        got = answer.outputs.get(name)
        if got is None or (judged is not None and name not in judged):
            continue
        if not Fingerprint.of(got).matches(fingerprint):
            return None
        seen += name in wrong
    return seen
