"""One registered bug that explains a part of the answers: what is beside an unknown mistake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np

from grader.bundle import Array, BugAnswer, Case, Problem
from grader.diagnose.evidence import Answer, evidence

_ENTRIES: Final = 2
"""So many wrong entries at least must be the bug's own."""


def explaining_a_part(
    possible: Collection[str], problem: Problem, answers: Mapping[str, Answer]
) -> list[str]:
    """The bugs that explain all that is wrong in the outputs they touch, or in unspoilt cases.

    A case is spoilt when it ended in an exception, in numbers that are not finite, or in none at
    all, which another mistake must have caused.

    More than one where several do, or are the same in all that the one explains.

    Args:
        possible: bugs that nothing contradicts.
        problem: the problem the answers belong to.
        answers: by case id.
    """
    touched = {bug: _touched(bug, problem) for bug in possible}
    found = [
        bug
        for bug in possible
        if _outputs(bug, touched[bug], problem, answers) or _unspoilt(bug, problem, answers)
    ]
    # Another bug may be the same in these outputs, and show in others, too.
    sisters = [
        bug
        for bug in possible
        if bug not in found
        and any(_outputs(bug, touched[other], problem, answers) for other in found)
    ]
    return found + sisters


def _touched(bug: str, problem: Problem) -> set[str]:
    shown = [case.answer_of[bug] for case in problem.cases if bug in case.answer_of]
    return {name for theirs in shown for name in theirs.outputs}


def _outputs(
    bug: str, touched: Collection[str], problem: Problem, answers: Mapping[str, Answer]
) -> bool:
    """Whether the bug gives all of these outputs in all cases."""
    seen = 0
    for case in problem.cases:
        answer, theirs = answers.get(case.id), case.answer_of.get(bug)
        if answer is None or (answer.raised is not None and theirs and theirs.raises):
            continue
        if evidence(theirs, case, answer, touched) is None:
            return False
        seen += _entries(theirs, answer, touched)
    return seen >= _ENTRIES


def _unspoilt(bug: str, problem: Problem, answers: Mapping[str, Answer]) -> bool:
    seen = 0
    for case in problem.cases:
        answer, theirs = answers.get(case.id), case.answer_of.get(bug)
        if answer is None or _spoilt(case, answer):
            continue
        if evidence(theirs, case, answer, None) is None:
            return False
        seen += _entries(theirs, answer, answer.wrong)
    return seen >= _ENTRIES


def _spoilt(case: Case, answer: Answer) -> bool:
    if answer.raised not in {None, case.raises}:
        return True
    wrong = (np.asarray(answer.outputs[name]) for name in answer.wrong)
    return any(not output.size or not _finite(output) for output in wrong)


def _finite(output: Array) -> bool:
    return bool(np.isfinite(output).all())


def _entries(theirs: BugAnswer | None, answer: Answer, outputs: Collection[str]) -> int:
    """How many entries of these outputs are wrong in the bug's way.

    Whole numbers do not count: they are equal by chance too easily.
    """
    if theirs is None:
        return 0
    names = answer.wrong & theirs.outputs.keys() & set(outputs)
    own = (np.asarray(answer.outputs[name]) for name in names)
    return sum(int(np.sum(output != np.round(output))) for output in own if _finite(output))
