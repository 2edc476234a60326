"""Problems that can be understood in several ways: which one a student's code has."""

from __future__ import annotations

from typing import Final

from grader.bundle import Problem
from grader.checks.case_run import CaseRun
from grader.checks.context import Context
from grader.checks.explanation import how_few_mistakes
from grader.checks.judging import judge
from grader.checks.own_parts import as_composed
from grader.fitting import ANY, CONVENTION
from grader.result import NamedBug
from grader.student.errors import NotWritten

_MORE: Final = 3
"""Mistakes, where not even two explain everything."""
_HELP = "read once more what the docstring in the template says about it"


def as_understood(context: Context, problem: Problem) -> Problem:
    """The problem in the way in which the student's code is right most often.

    Where two ways have as many right cases, the one in which a single mistake explains the rest,
    or else two together, then the one with more right outputs (who forgets the penalty's gradient
    has a way in which the loss is right), then the one in which fewer calls fail before they begin.
    The same for all cases of the problem, and for all checks that use it. As the assignment has it
    where no other way is better, or where the assignment does not leave it open.
    Called only when something is wrong: all cases of all ways are run.
    """
    setting = problem.setting
    conventions = context.assignment.conventions
    if setting is None or conventions.get(setting.convention) != ANY:
        return problem
    if problem.name not in context.understood:
        ways = [problem, *problem.alternatives]
        context.understood[problem.name] = max(ways, key=lambda way: _right(context, way))
    return context.understood[problem.name]


def found(context: Context) -> list[str]:
    """What to tell of problems that the student's code understands in another way than usual."""
    usual = context.bundle.problems
    functions: dict[str, list[str]] = {}
    for name, meant in context.understood.items():
        if meant is not usual[name] and meant.setting is not None:
            functions.setdefault(meant.setting.words, []).append(meant.function)
    return [
        f"{', '.join(dict.fromkeys(names))}: marked as your code has it: {words} (nothing deducted)"
        for words, names in functions.items()
    ]


def other_convention(context: Context, problem: Problem) -> NamedBug | None:
    """The mistake to be right in every case, but for another way than the assignment's."""
    ours = problem.setting
    if ours is None or context.assignment.conventions.get(ours.convention) == ANY:
        return None
    for other in problem.alternatives:
        theirs = other.setting
        if theirs is not None and _all_right(context, other):
            message = f"in your code {theirs.words}; in this assignment {ours.words}"
            return NamedBug(id=f"{CONVENTION}{ours.convention}", message=message, help=_HELP)
    return None


def _right(context: Context, problem: Problem) -> tuple[int, int, int, int]:
    runs = context.run_all(problem, problem.cases)
    judged = [judge(run, None, problem) for run in runs]
    outputs = sum(
        len(item.run.case.expected) - len(item.mismatches)
        for item in judged
        if item.finding is None
    )
    # What passes on the mistakes of other functions shows as well how it is meant.
    right = sum(item.right or as_composed(context, item) for item in judged)
    # Who is called with the wrong arguments does not come to the mistake that raises in all ways.
    entered = sum(_entered(run) for run in runs)
    return right, -(how_few_mistakes(context, problem) or _MORE), outputs, entered


def _entered(run: CaseRun) -> bool:
    """Whether a line of the student's code was reached, or it answered."""
    return run.error is None or run.error.excerpt is not None or isinstance(run.error, NotWritten)


def _all_right(context: Context, problem: Problem) -> bool:
    # One after the other: most other mistakes show in the first.
    return all(judge(context.run(problem, case), None, problem).right for case in problem.cases)
