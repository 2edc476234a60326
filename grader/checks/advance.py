"""Runs the steps of golden cases ahead of the checks that look at them, all asked for at once."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.bundle import Bound, Case, Step, bound_names
from grader.checks.case_run import Outcomes, kept_positions
from grader.student.errors import StudentError
from grader.student.proxy import Returned, Student
from grader.student.series import Call, Kept
from grader.worker.calls import WHOLE
from grader.worker.wire import encode_bytes


def run_in_advance(student: Student, cases: Sequence[Case]) -> list[Outcomes]:
    """Run the steps of many cases, all asked for at once.

    Args:
        student: whose functions.
        cases: in the order in which they are run.

    Returns:
        Of each case what ``run_case`` needs; nothing where a step must be run to know how to run
        the next one, and where the process ended before all steps had answered.
    """
    calls: list[Call] = []
    planned: list[range] = []
    for case in cases:
        steps = _planned(case, len(calls))
        planned.append(range(len(calls), len(calls) + len(steps)))
        calls += steps
    outcomes = student.call_each(calls)
    found: list[Outcomes] = []
    for steps_of_case in planned:
        known: list[Returned | StudentError] = []
        for number in steps_of_case:
            outcome = outcomes[number]
            if outcome is None:
                known = []
                break
            known.append(outcome)
            if isinstance(outcome, StudentError):
                break  # no later step is looked at
        found.append(known)
    return found


def _planned(case: Case, first: int) -> list[Call]:
    """A case's steps as a part of a series that begins at ``first``; [] when they cannot be."""
    calls: list[Call] = []
    kept: dict[str, Kept] = {}
    for number, step in enumerate(case.steps, first):
        form = _form(step)
        args: list[Any] = step.args
        if form.encoded is None:
            args = [kept.get(arg.name, arg) if isinstance(arg, Bound) else arg for arg in args]
            if any(True for _ in bound_names(args)):
                return []
        calls.append(Call(step.function, args, form.keep, form.encoded))
        kept.update({name: Kept(number, position) for name, position in form.kept.items()})
    return calls


@dataclass(frozen=True)
class _Form:
    """What is the same of a step for every submission."""

    encoded: bytes | None
    """Its arguments, unless they depend on what an earlier step returns."""
    keep: tuple[int, ...]
    kept: dict[str, int]
    """Name that an element is bound to which stays inside -> its position."""


_forms: dict[int, _Form] = {}


def _form(step: Step) -> _Form:
    """The step's form; made once, as it takes longer than a small call itself."""
    form = _forms.get(id(step))
    if form is None:
        encoded = None if step.needs else encode_bytes(tuple(step.args))
        keep = kept_positions(step.returns)
        kept = {}
        if isinstance(step.returns, str):
            kept = dict.fromkeys([step.returns.lstrip("#")] if keep else [], WHOLE)
        elif isinstance(step.returns, list):
            kept = {str(step.returns[position]).lstrip("#"): position for position in keep}
        form = _forms[id(step)] = _Form(encoded, keep, kept)
        weakref.finalize(step, _forms.pop, id(step), None)
    return form
