"""What is wrong with one golden case that was run, if anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.bundle import Case, Problem
from grader.checks.case_run import CaseRun, error_finding
from grader.checks.explanation import mismatches
from grader.compare import Mismatch
from grader.result import Finding
from grader.student.errors import Forbidden, Raised


@dataclass(frozen=True)
class Judged:
    """One case with what is wrong in it (nothing, when it passed)."""

    run: CaseRun
    mismatches: list[Mismatch]
    finding: Finding | None = None
    """What is wrong when there is no value to compare."""

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.mismatches and self.finding is None

    @property
    def comparable(self) -> bool:
        """Whether every output is there as numbers, right or wrong."""
        return all(mismatch.stage != "type" for mismatch in self.mismatches)


def judge(run: CaseRun, outputs: Iterable[str] | None, problem: Problem) -> Judged:
    """Compare a case's answers with the golden ones.

    Args:
        run: the case that was run.
        outputs: those that count; None for all.
        problem: whose case it is.
    """
    case = run.case
    if case.raises is not None:
        return Judged(run, [], _should_raise(run, case.raises, problem))
    if run.error is not None:
        return Judged(run, [], error_finding(run.error, case.category))
    if run.malformed is not None:
        return Judged(run, [], Finding(what=run.malformed, category=case.category, place=run.place))
    names = [name for name in case.expected if outputs is None or name in set(outputs)]
    missing = [name for name in names if name not in run.bound]
    # Of what is observed, the parts are missing that it is looked for in.
    parts = [part for name in missing for part in _parts(case, name) if part not in run.bound]
    missing = list(dict.fromkeys(parts))
    if missing:
        text = f"{problem.function} does not return {', '.join(missing)}"
        return Judged(run, [], Finding(what=text, category=case.category, place=run.place))
    return Judged(run, mismatches(run, names))


def _parts(case: Case, name: str) -> list[str]:
    observation = case.observed.get(name)
    return [name] if observation is None else observation.names


def _should_raise(run: CaseRun, expected: str, problem: Problem) -> Finding | None:
    if isinstance(run.error, Raised) and not isinstance(run.error, Forbidden):
        if expected in run.error.kinds:
            return None
        what = f"{problem.function} raises {run.error.type_name}; {expected} is expected"
        return Finding(
            what=what,
            category=run.case.category,
            place=run.error.place,
            student_text=run.error.student_text,
        )
    if run.error is not None:
        return error_finding(run.error, run.case.category)
    what = f"{problem.function} answers; it should raise {expected}"
    return Finding(what=what, category=run.case.category, place=run.place)
