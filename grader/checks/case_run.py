"""Runs a golden case's steps on the student's module and takes the answers apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader.bundle import ArgumentPath, Bound, Case, Pattern, Step
from grader.compare import Mismatch, type_name
from grader.result import Finding, Place
from grader.student.errors import NotDefined, NotImportable, NotWritten, Stopped, StudentError
from grader.student.proxy import Returned, Student
from grader.worker.calls import WHOLE

_MOST_COUNTED = 9
_BULK_BYTES = 1 << 20


@dataclass(frozen=True)
class CaseRun:
    """What came of one golden case."""

    case: Case
    bound: Mapping[str, Any] = field(default_factory=dict)
    """What the patterns bound; names of missing parts are absent."""
    error: StudentError | None = None
    failed_step: Step | None = None
    """The step that ended in ``error``."""
    malformed: str | None = None
    """Why an answer does not have the agreed form."""
    place: Place | None = None
    """Where the last called function is defined."""
    unseen: Mapping[str, str] = field(default_factory=dict)
    """Observation -> why the answer does not show it."""
    modified: tuple[str, ...] = ()
    """Functions that changed an argument in place, as "conv_backward changed dout"."""
    compared: dict[str, Mismatch | None] = field(default_factory=dict, compare=False, repr=False)
    """What is wrong with each output, as far as anybody has asked."""


Outcomes = Sequence[Returned | StudentError]
"""What came of the steps of a case that were run in advance (see advance.py)."""


def run_case(student: Student, case: Case, known: Outcomes = ()) -> CaseRun:
    """Run all steps; the first error ends the case.

    Args:
        student: whose functions.
        case: what to run.
        known: what came of the steps, as far as they were run in advance.
    """
    bound: dict[str, Any] = {}
    modified: list[str] = []
    place = None
    for number, step in enumerate(case.steps):
        missing = [name for name in step.needs if name not in bound]
        if missing:
            text = f"{case.steps[0].name} returned no {' and no '.join(missing)}"
            return CaseRun(case, bound, malformed=text, place=place, modified=tuple(modified))
        try:
            returned = (
                _taken(known[number])
                if number < len(known)
                else student.call(
                    step.function, *resolved(step.args, bound), keep=kept_positions(step.returns)
                )
            )
        except StudentError as error:
            return CaseRun(case, bound, error, step, place=error.place, modified=tuple(modified))
        place = returned.place
        first = 0 if "." in step.name else 1  # a method's own object is not counted
        modified += [
            f"{step.name} changes its argument {i + first}"
            for i in returned.modified
            if not _is_a_notebook(step.args[i], bound)
        ]
        malformed = bind(step.returns, returned.value, bound, step.name)
        if malformed:
            return CaseRun(case, bound, malformed=malformed, place=place, modified=tuple(modified))
    unseen = _look(case, bound)
    return CaseRun(case, bound, place=place, unseen=unseen, modified=tuple(modified))


def _is_a_notebook(arg: Any, bound: Mapping[str, Any]) -> bool:
    """Whether an argument is there to be written into: an optimizer's config, a bn_param.

    A dict without arrays is, and one that an earlier step has returned.
    """
    if isinstance(arg, Bound):
        return isinstance(bound[arg.name], dict)
    return isinstance(arg, dict) and not any(isinstance(v, np.ndarray) for v in arg.values())


def _look(case: Case, bound: dict[str, Any]) -> Mapping[str, str]:
    """Bind what is observed, and put what is bound into the golden shape where others will do."""
    for name in case.loose_shapes & bound.keys():
        if isinstance(bound[name], np.ndarray):
            bound[name] = case.in_shape(name, bound[name])
    observed = case.observations(bound)
    bound.update({name: seen.value for name, seen in observed.items()})
    return {name: seen.why_not for name, seen in observed.items() if seen.why_not is not None}


def _taken(outcome: Returned | StudentError) -> Returned:
    if isinstance(outcome, StudentError):
        raise outcome
    return outcome


def without_bulk(run: CaseRun) -> CaseRun:
    """The run, to be remembered: large arrays of an unexpected shape have lost their values.

    Their shape is all that is wrong with them, and all that is told. The values of one submission's
    answers took gigabytes.
    """
    values = run.bound.values()
    if not any(isinstance(value, np.ndarray) and value.nbytes > _BULK_BYTES for value in values):
        return run
    return replace(run, bound={name: _outline(run, name) for name in run.bound})


def _outline(run: CaseRun, name: str) -> Any:
    value, wanted = run.bound[name], run.case.expected.get(name)
    if not isinstance(value, np.ndarray) or value.nbytes <= _BULK_BYTES:
        return value
    if wanted is not None and value.shape == wanted.shape:
        return value
    return np.broadcast_to(np.zeros((), value.dtype), value.shape)


def resolved(tree: Any, bound: Mapping[str, Any]) -> Any:
    """The value tree with every ``Bound`` replaced by what is bound to its name."""
    if isinstance(tree, Bound):
        return bound[tree.name]
    if isinstance(tree, list):
        return [resolved(item, bound) for item in tree]
    if isinstance(tree, dict):
        return {key: resolved(item, bound) for key, item in tree.items()}
    return tree


def kept_positions(pattern: Pattern) -> tuple[int, ...]:
    """Which elements of a returned tuple stay inside the student's process, or WHOLE."""
    if isinstance(pattern, str) and pattern.startswith("#"):
        return (WHOLE,)
    if not isinstance(pattern, list):
        return ()
    return tuple(
        i for i, part in enumerate(pattern) if isinstance(part, str) and part.startswith("#")
    )


def bind(pattern: Pattern, value: Any, bound: dict[str, Any], function: str) -> str | None:
    """Take ``value`` apart by ``pattern`` into ``bound``; the sentence that says why not.

    A value that is no tuple where one is expected counts as its first element alone (``out`` for
    ``out, cache``); dictionary entries that are missing are left unbound.
    """
    if isinstance(pattern, str):
        alone = isinstance(value, tuple) and len(value) == 1  # return (dx,)
        bound[pattern.lstrip("#")] = value[0] if alone else value
        return None
    if isinstance(pattern, dict):
        return _bind_dict(pattern, value, bound, function)
    if not isinstance(value, tuple | list):
        return bind(pattern[0], value, bound, function)
    if len(value) < len(pattern) and len(value) != 1:
        return _wrong_number(pattern, value, function)
    if len(value) > len(pattern):
        return _wrong_number(pattern, value, function)
    for part, item in zip(pattern, value, strict=False):
        malformed = bind(part, item, bound, function)
        if malformed:
            return malformed
    return None


def _bind_dict(
    pattern: Mapping[str, Pattern], value: Any, bound: dict[str, Any], function: str
) -> str | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        keys = ", ".join(pattern)
        return f"{function} returned {type_name(value)} where a dict with {keys} is expected"
    if value and not value.keys() & pattern.keys():
        return f"{function} returned a dict without {', '.join(pattern)}"
    for key, part in pattern.items():
        if key in value:
            malformed = bind(part, value[key], bound, function)
            if malformed:
                return malformed
    return None


def _wrong_number(pattern: Sequence[Pattern], value: Sequence[Any], function: str) -> str:
    names = ", ".join(part.lstrip("#") if isinstance(part, str) else "a dict" for part in pattern)
    # The number is the student's choice, so a large one is not repeated.
    found = str(len(value)) if len(value) <= _MOST_COUNTED else "many more"
    return f"{function} returned {found} values; expected {len(pattern)} ({names})"


def argument(case: Case, path: ArgumentPath) -> Any:
    """The argument of a case that lies at ``path``."""
    return case.argument(path)


def error_finding(error: StudentError, category: str | None = None) -> Finding:
    """What to say about a call that did not come back with an answer."""
    return Finding(
        what=str(error),
        # What no case has been run of has nothing to do with the case.
        category=None if isinstance(error, NotDefined | NotImportable | NotWritten) else category,
        place=error.place,
        help=error.help,
        student_text=error.student_text,
        excerpt=error.excerpt,
        stopped=_end(error),
    )


def _end(error: StudentError) -> str | None:
    if isinstance(error, NotImportable) and error.stopped:
        return "import"
    return error.reason if isinstance(error, Stopped) else None


def finite_scalar(value: Any) -> float | None:
    """A returned number as a float, or None when it is no finite number."""
    array = np.asarray(value) if isinstance(value, bool | int | float | np.ndarray) else None
    if array is None or array.size != 1 or array.dtype.kind not in "biuf":
        return None
    number = float(array.reshape(()))
    return number if np.isfinite(number) else None
