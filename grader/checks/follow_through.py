"""Follow-through marks: what is right for the student's own functions, whatever their mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.bundle import Problem
from grader.checks.central_differences import follows_own_forward
from grader.checks.context import Context
from grader.checks.judging import Judged
from grader.checks.own_parts import Mark, passed_on
from grader.checks.verdict import Blamed


@dataclass
class Followed:
    """What of a check's wrong cases is right all the same, and why."""

    rest: list[Judged]
    """The cases that stay wrong."""
    notes: list[str] = field(default_factory=list)
    blamed: Blamed = field(default_factory=Blamed)
    """Whose mistakes are passed on; of nobody where no case is excused by that."""


def followed_through(
    context: Context, problem: Problem, wrong: list[Judged], number: int, mark: Mark
) -> Followed:
    """Excuse gradients that fit the student's own forward pass, and nets that fit their own layers.

    Args:
        context: the submission.
        problem: whose cases they are.
        wrong: the cases of a check that are wrong.
        number: how many cases it has.
        mark: gives the verdict of another check on values.
    """
    followed = Followed(wrong)
    if problem.derivative is not None:
        followed.rest = [item for item in wrong if not _follows(item, context, problem)]
        if len(followed.rest) < len(wrong):
            followed.notes.append(
                "follow-through: the gradients are right for your own forward pass "
                f"({len(wrong) - len(followed.rest)} of {number} cases)"
            )
    if not followed.rest:
        return followed
    kept = []
    for item in followed.rest:
        by = passed_on(context, item, mark)
        if by is None:
            kept.append(item)
        else:
            followed.blamed.add(by)
    if len(kept) < len(followed.rest):
        followed.notes.append(
            f"follow-through: {_sentence(problem.function, followed.blamed)} "
            f"({len(followed.rest) - len(kept)} of {number} cases)"
        )
        followed.rest = kept
        context.passed_on.setdefault(problem.function, Blamed()).add(followed.blamed)
    return followed


def passed_on_words(context: Context) -> list[str]:
    """What to tell of functions that lost nothing for the mistakes of those that they build on."""
    return [f"{_sentence(name, by)}, not twice" for name, by in context.passed_on.items()]


def _sentence(function: str, by: Blamed) -> str:
    return f"{function} is right for your own functions: it passes on {by.words}"


def _follows(item: Judged, context: Context, problem: Problem) -> bool:
    if not item.mismatches or any(m.stage != "values" for m in item.mismatches):
        return False
    return follows_own_forward(context.student, problem, item.run)
