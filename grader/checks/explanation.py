"""Names the mistake behind a problem's wrong answers, and sees that it is charged once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from grader.bundle import Array, Case, Problem
from grader.checks.case_run import CaseRun
from grader.checks.context import Context
from grader.checks.observations import observation_mismatch
from grader.compare import Mismatch, as_array, compare
from grader.diagnose import Answer, few_explain_all, mistakes
from grader.result import NamedBug
from grader.student.errors import Raised


def explain(
    context: Context, problem: Problem, cases: Iterable[Case], outputs: Collection[str]
) -> list[NamedBug]:
    """The registered bugs that give exactly the student's answers to this problem: at most two.

    Args:
        context: the submission; all of the problem's cases are run for this.
        problem: whose answers are wrong.
        cases: the cases of the check at hand.
        outputs: the outputs that are wrong in it.
    """
    answers = _answers(context, problem)
    notes = mistakes(context.bundle, problem, answers, [case.id for case in cases], outputs or None)
    return [NamedBug(id=note.id, message=note.message, help=note.help) for note in notes]


def how_few_mistakes(context: Context, problem: Problem) -> int | None:
    """How few registered bugs give all of the student's answers: 1, 2, or None for more."""
    return few_explain_all(problem, _answers(context, problem))


def _answers(context: Context, problem: Problem) -> dict[str, Answer]:
    runs = context.runs(problem).items()
    return {
        case_id: answer for case_id, run in runs if (answer := _answer(run, problem)) is not None
    }


def charged_elsewhere(context: Context, bugs: Iterable[NamedBug], check_id: str) -> list[str]:
    """The remarks of a check that only fails by mistakes that other checks have charged.

    Empty when there is no such mistake, or when this check is the first that meets one of them:
    then it is charged here.
    """
    payers = [(bug, context.charge(bug, check_id)) for bug in bugs]
    if any(payer == check_id for _, payer in payers):
        return []
    return [
        f"fails by the same mistake as {payer} ({bug.message}); charged there, not twice"
        for bug, payer in payers
    ]


def mismatches(run: CaseRun, names: Iterable[str]) -> list[Mismatch]:
    """What is wrong with these outputs of a case that came back with answers."""
    found = (_compared(run, name) for name in names)
    return [mismatch for mismatch in found if mismatch is not None]


def _compared(run: CaseRun, name: str) -> Mismatch | None:
    if name not in run.compared:
        case = run.case
        run.compared[name] = (
            observation_mismatch(run, name)
            if name in case.observed
            else compare(name, run.bound[name], case.expected[name], case.tolerance_of(name))
        )
    return run.compared[name]


def _answer(run: CaseRun, problem: Problem) -> Answer | None:
    """The run as evidence for a diagnosis; None when it is evidence for nothing."""
    if isinstance(run.error, Raised):
        expected = run.case.raises
        return Answer(raised=expected if expected in run.error.kinds else run.error.type_name)
    if run.error is not None or run.malformed is not None:
        return None
    outputs = {
        name: array.reshape(()) if run.case.is_number(name) and array.size == 1 else array
        for name, array in _arrays(run.bound).items()
    }
    if run.case.raises is not None:
        compared = {name: outputs[name] for name in problem.outputs if name in outputs}
        return Answer(compared, wrong=frozenset(compared))
    known = {name: array for name, array in outputs.items() if name in run.case.expected}
    return Answer(known, frozenset(m.output for m in mismatches(run, known)))


def _arrays(bound: Mapping[str, object]) -> dict[str, Array]:
    arrays = {name: as_array(value) for name, value in bound.items()}
    return {
        name: array
        for name, array in arrays.items()
        if array is not None and array.dtype.kind in "biuf"
    }
