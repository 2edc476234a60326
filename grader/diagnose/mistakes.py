"""Which registered bugs give exactly these answers?

A bug is named only when it explains what was seen: on every golden case of the problem the
student's outputs equal the bug's where the bug changes the answer, and the golden ones where it
does not. If two bugs explain the same complete answers, neither is named: a false name is worse
than none. Two bugs at once are named when they explain everything together; where two or three
pairs do, it is said that it is one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from grader.bundle import BugNote, Bundle, Case, Problem
from grader.diagnose.evidence import Answer, contradicted, explaining, incomplete
from grader.diagnose.part import explaining_a_part
from grader.diagnose.two_at_once import pairs_explaining

_FEW: Final = 4
"""So many pairs are told to choose from; more would help nobody."""


def diagnose(
    bundle: Bundle,
    problem: Problem,
    answers: Mapping[str, Answer],
    cases: Collection[str] | None = None,
    outputs: Collection[str] | None = None,
) -> BugNote | None:
    """The first of :func:`mistakes`, or None."""
    return next(iter(mistakes(bundle, problem, answers, cases, outputs)), None)


def few_explain_all(problem: Problem, answers: Mapping[str, Answer]) -> int | None:
    """How few registered bugs give exactly these answers, of all cases: 1, 2, or None for more."""
    concerned = sorted({answer.bug for case in problem.cases for answer in case.bugs})
    if explaining(concerned, problem.cases, answers, None):
        return 1
    pairs = pairs_explaining(concerned, problem, answers)
    return 2 if pairs.found and pairs.certain else None


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
    to test whether windows fit may also ignore the stride), then only the outputs at hand. If
    several pairs fit that share nothing, it is one of them; at last one bug may explain a part.

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
    everything = explaining(registered, problem.cases, answers, None)
    if everything:
        return _unless_ambiguous(bundle, problem, answers, everything)
    pairs = pairs_explaining(registered, problem, answers)
    if pairs.shared and pairs.certain:
        at_hand = [bug for bug in pairs.shared if _shows(bug, chosen, outputs)]
        return [bundle.bugs[bug] for bug in at_hand or pairs.shared]
    possible = [bug for bug in registered if not contradicted(bug, problem, answers)]
    at_hand = explaining(possible, chosen, answers, None)
    if at_hand:
        return _unless_ambiguous(bundle, problem, answers, at_hand)
    part = explaining(possible, chosen, answers, outputs) if outputs else []
    if part:
        # The registry lists the bug that changes nothing else before its sisters.
        return [bundle.bugs[part[0]]]
    if pairs.found:
        return [one_of(bundle, pairs.found)] if len(pairs.found) <= _FEW else []
    beside = explaining_a_part(possible, problem, answers)
    at_hand = [bug for bug in beside if _shows(bug, chosen, outputs)]
    return [bundle.bugs[bug] for bug in at_hand] if len(beside) == 1 else []


def one_of(bundle: Bundle, pairs: Sequence[Collection[str]]) -> BugNote:
    """What to say of pairs of bugs of which one may be what happened.

    Args:
        bundle: where the bugs' messages are.
        pairs: their ids.
    """
    told = [" and ".join(bundle.bugs[bug].message for bug in pair) for pair in pairs]
    if len(told) > 1:
        told = [f"({number}) {words}" for number, words in enumerate(told, 1)]
    hints = dict.fromkeys(bundle.bugs[bug].help for pair in pairs for bug in pair)
    return BugNote(
        id=" or ".join(" + ".join(pair) for pair in pairs),
        message=f"it answers as with two mistakes at once: {'; or '.join(told)}",
        help=" ".join(hints),
    )


def _shows(bug: str, cases: Iterable[Case], outputs: Collection[str] | None) -> bool:
    return any(
        theirs.raises is not None
        or outputs is None
        or not theirs.outputs.keys().isdisjoint(outputs)
        for case in cases
        for theirs in case.bugs
        if theirs.bug == bug
    )


def _unless_ambiguous(
    bundle: Bundle, problem: Problem, answers: Mapping[str, Answer], found: Sequence[str]
) -> list[BugNote]:
    if len(found) == 1 or incomplete(problem, answers):
        return [bundle.bugs[found[0]]]
    return []
