"""What every check function is given."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.assignment import Assignment, OwnGradientsCheck, ValuesCheck
from grader.bundle import Bundle, Case, Problem
from grader.checks.advance import run_in_advance
from grader.checks.case_run import CaseRun, Outcomes, run_case, without_bulk
from grader.checks.training_runs import TrainingEvidence
from grader.checks.verdict import Blamed, Verdict
from grader.dataset.table import Dataset
from grader.errors import BadBundle
from grader.intake.workspace import Workspace
from grader.oracle import Oracle
from grader.result import NamedBug
from grader.student.errors import Stopped
from grader.student.proxy import Student
from grader.student.stops import not_run

# A function may be stopped in one odd case and still be right in others; but 50 cases of 10 s each
# are not waited for. Ends that take no time only cost a new process.
_PATIENCE: Final = 2
_PATIENCE_WITH_CRASHES: Final = 5


@dataclass
class Context:
    """One submission under marking: the student, the golden values, and what has been run.

    Golden cases and training runs are run once and shared by the checks that look at them.
    """

    assignment: Assignment
    bundle: Bundle
    dataset: Dataset | None
    oracle: Oracle | None
    workspace: Workspace
    student: Student
    training: TrainingEvidence | None
    """None when training is not wanted."""
    understood: dict[str, Problem] = field(default_factory=dict)
    """Problem -> the way in which the student's code understands it, as far as it was looked at."""
    passed_on: dict[str, Blamed] = field(default_factory=dict)
    """Function -> whose mistakes it passes on, where it is excused for that."""
    made_of_own: dict[Hashable, CaseRun] = field(default_factory=dict)
    """What the student's functions answered that others are built of (own_parts.py)."""
    settled: dict[str, Verdict] = field(default_factory=dict)
    """Check on values -> how it ended: one may ask for another before its turn."""
    seconds_apart: float = 0.0
    """CPU time of processes that were started for one run."""
    _runs: dict[tuple[str, str], CaseRun] = field(default_factory=dict)
    _known: dict[int, Outcomes] = field(default_factory=dict)
    _foreseen: bool = False
    _stops: dict[str, list[Stopped]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _charged: dict[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Whether the golden inputs are secret."""
        return self.bundle.visibility == "hidden"

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all calls so far."""
        return self.student.cpu_seconds + self.seconds_apart

    def run_apart(self, case: Case) -> CaseRun:
        """The case's run in a process of its own, which knows nothing of any other call."""
        with self.student.fresh() as student:
            run = run_case(student, case)
            self.seconds_apart += student.cpu_seconds
        return run

    def problem(self, name: str) -> Problem:
        """The bundle's problem of this name.

        Raises:
            BadBundle: the bundle was made for another assignment.
        """
        try:
            return self.bundle.problems[name]
        except KeyError as error:
            raise BadBundle(
                f"the bundle for {self.bundle.assignment!r} has no problem {name!r}",
                hint="make it anew with `grade golden`",
            ) from error

    def cases(self, problem: Problem, tags: Iterable[str] | None) -> list[Case]:
        """The problem's cases that a check asks for.

        Raises:
            BadBundle: there is none, which would be a check that cannot fail.
        """
        cases = problem.select(tags)
        if not cases:
            raise BadBundle(f"the bundle has no case {tags} of problem {problem.name!r}")
        return cases

    def run(self, problem: Problem, case: Case) -> CaseRun:
        """The case's run on the student's code; run at the first call, then remembered."""
        key = (problem.name, case.id)
        if key not in self._runs:
            known = self._known.pop(id(case), ())
            run = self._given_up(case) or run_case(self.student, case, known)
            self._runs[key] = without_bulk(run)
            self._remember_stop(self._runs[key])
        return self._runs[key]

    def run_all(self, problem: Problem, cases: Sequence[Case]) -> list[CaseRun]:
        """The cases' runs, in their order.

        Cases that have to be run are run together. The first time these are all cases that the
        assignment's checks will ask for, in that order.
        """
        if not self._foreseen:
            self._foreseen = True
            self._run_in_advance(self._expected())
        self._run_in_advance([(problem, case) for case in cases])
        return [self.run(problem, case) for case in cases]

    def _expected(self) -> list[tuple[Problem, Case]]:
        return [
            (problem, case)
            for check in self.assignment.checks()
            if isinstance(check, ValuesCheck | OwnGradientsCheck)
            for problem in [self.problem(check.problem)]
            for case in self.cases(problem, check.cases)
        ]

    def _run_in_advance(self, wanted: Iterable[tuple[Problem, Case]]) -> None:
        new = {
            id(case): case
            for problem, case in wanted
            if (problem.name, case.id) not in self._runs
            and not self._known.get(id(case))
            and not any(step.name in self._stops for step in case.steps)
        }
        if len(new) > 1:
            found = run_in_advance(self.student, list(new.values()))
            self._known.update(zip(new, found, strict=True))

    def _given_up(self, case: Case) -> CaseRun | None:
        """A function that was stopped time and again is not given its full time once more."""
        for step in case.steps:
            stops = self._stops.get(step.name, [])
            slow = sum(stop.reason not in {"exit", "crash"} for stop in stops)
            if slow >= _PATIENCE or len(stops) >= _PATIENCE_WITH_CRASHES:
                error = not_run(step.name, stops)
                return CaseRun(case, error=error, failed_step=step, place=error.place)
        return None

    def _remember_stop(self, run: CaseRun) -> None:
        error = run.error
        if isinstance(error, Stopped) and error.process_lost and not error.with_server:
            self._stops.setdefault(error.function, []).append(error)

    def charge(self, bug: NamedBug, check_id: str) -> str:
        """The check that pays for this mistake: the first that met it. One mistake, one check."""
        return self._charged.setdefault(bug.id, check_id)

    def told_first(self, remarks: Iterable[str]) -> list[str]:
        """The remarks that no check has made yet."""
        new = [remark for remark in remarks if remark not in self._told]
        self._told.update(new)
        return new

    def runs(self, problem: Problem) -> Mapping[str, CaseRun]:
        """All cases of a problem; needed when a wrong answer is to be explained."""
        runs = self.run_all(problem, problem.cases)
        return {case.id: run for case, run in zip(problem.cases, runs, strict=True)}
