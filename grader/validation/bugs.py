"""Hands the reference in with each registered bug, and looks whether it is caught and named."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from grader.assignment import Assignment, ValuesCheck
from grader.batch.pool import Entry, Pool
from grader.batch.submissions import Submission
from grader.bundle import BugAnswer, Bundle, Case, Problem
from grader.fitting import ANY, CONVENTION, student_name
from grader.marking import Marking
from grader.oracle import Oracle, Registered
from grader.proof import HARMLESS, BugTrial, Caught, Claim, Fault
from grader.result import Result, Status
from grader.sandbox import Tier
from grader.score import rounded
from grader.validation.trial import for_the_reference

OnTrial = Callable[[BugTrial], None]
_SAYS: Mapping[Caught, str] = {
    Caught.UNNAMED: "it loses {lost:g} points at {checks}, but is not named",
    Caught.MISNAMED: "it is named as {named}",
    Caught.MISSED: "it is in a case that is marked, and costs nothing",
    Caught.UNMARKED: "it could not be marked: {trouble}",
}


def try_bugs(
    marking: Marking,
    oracle: Oracle,
    accuracy: float | None,
    *,
    jobs: int,
    tier: Tier | None,
    hear: OnTrial,
) -> list[BugTrial]:
    """Every registered bug of the assignment's problems, each marked without training.

    Args:
        marking: of the assignment.
        oracle: makes the submissions.
        accuracy: what their report states, 0..1.
        jobs: submissions at the same time.
        tier: of the wall they run behind.
        hear: told each trial as it ends.

    Returns:
        the trials, in the registry's order.
    """
    registered = oracle.bugs(marking.assignment.problems())
    if not registered:
        return []
    families = {bug.partition("/")[0]: bug for bug in registered}  # a table each
    for bug in families.values():
        files = oracle.solution_files(marking.assignment, bug=bug)
        marking, _ = for_the_reference(marking, files, oracle)
    trials: dict[str, BugTrial] = {}
    with tempfile.TemporaryDirectory(prefix="goldgrad-") as scratch:
        planted = _planted(Path(scratch), marking.assignment, oracle, accuracy, list(registered))
        with Pool(marking, min(jobs, len(registered)), train=False, tier=tier) as pool:
            for entry in pool.mark(planted):
                trial = judged(entry, registered[entry.name], marking)
                trials[entry.name] = trial
                hear(trial)
    return [trials[bug] for bug in registered]


def faults_of_bugs(trials: list[BugTrial]) -> Iterator[Fault]:
    """Each bug that would pass, or would be explained wrongly."""
    for trial in trials:
        if trial.caught not in HARMLESS:
            said = _SAYS[trial.caught].format(
                lost=trial.lost,
                checks=", ".join(trial.checks),
                named=", ".join(trial.named),
                trouble=trial.trouble,
            )
            yield Fault(Claim.BUGS, f"{trial.bug}: {said}", help=f"what it does: {trial.message}")


def _planted(
    folder: Path, rules: Assignment, oracle: Oracle, accuracy: float | None, bugs: list[str]
) -> Iterator[Submission]:
    # Made when it is their turn: hundreds of copies of the reference need not lie side by side.
    for number, bug in enumerate(bugs):
        path = folder / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            files = oracle.solution_files(rules, bug=bug, accuracy=accuracy)
            for name, text in files.items():
                archive.writestr(name, text)
        yield Submission(bug, path)


def judged(entry: Entry, bug: Registered, marking: Marking) -> BugTrial:
    """What became of the reference with this bug in it."""
    note = bug.note
    result = entry.result
    if result is None or result.problem is not None:
        trouble = entry.trouble if result is None else result.problem
        return BugTrial(note.id, note.message, Caught.UNMARKED, trouble=trouble)
    failing = tuple(
        check.id for part in result.parts for check in part.checks if check.status is Status.FAIL
    )
    named = tuple(sorted(_named(result)))
    return BugTrial(
        note.id,
        note.message,
        _caught(bug, set(named), bool(failing), marking),
        lost=_lost(result),
        checks=failing,
        named=named,
    )


def _caught(bug: Registered, named: set[str], failing: bool, marking: Marking) -> Caught:
    own, bundle = bug.note.id, marking.bundle
    if not failing:
        theirs = student_name(bug.functions[0], marking.assignment.names)
        on_trial = theirs in {problem.function for problem in bundle.problems.values()}
        # Where another function is on trial, gradients may be excused that are right for the
        # wrong forward pass they follow.
        missed = on_trial and shows(own, marking.assignment, bundle)
        return Caught.MISSED if missed else Caught.NOT_CHARGED
    if named == {own}:
        return Caught.NAMED
    if named:
        # To understand a problem in another way than the assignment is a registered bug, too.
        alike = all(
            name == own or name.startswith(CONVENTION) or same_answers(bundle, own, name)
            for name in named
        )
        return Caught.EQUIVALENT if alike else Caught.MISNAMED
    return Caught.UNNAMED if own in bundle.bugs else Caught.UNNAMEABLE


def shows(bug: str, rules: Assignment, bundle: Bundle) -> bool:
    """Whether a check compares an output that this bug makes wrong, however it is understood."""
    for check in rules.checks():
        if not isinstance(check, ValuesCheck):
            continue
        problem = bundle.problems[check.problem]
        left_open = problem.setting and rules.conventions.get(problem.setting.convention) == ANY
        ways = [problem, *(problem.alternatives if left_open else [])]
        if all(_shows_in(bug, check, way) for way in ways):
            return True
    return False


def _shows_in(bug: str, check: ValuesCheck, problem: Problem) -> bool:
    for case in problem.select(check.cases):
        answer = _answer(case, bug)
        if answer is None:
            continue
        if check.outputs is None or answer.raises or set(check.outputs) & set(answer.outputs):
            return True
    return False


def same_answers(bundle: Bundle, one: str, other: str) -> bool:
    """Whether two bugs cannot be told apart by any case of the bundle."""
    return all(
        _alike(_answer(case, one), _answer(case, other))
        for problem in bundle.problems.values()
        for case in problem.cases
    )


def _alike(one: BugAnswer | None, other: BugAnswer | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.raises != other.raises or one.outputs.keys() != other.outputs.keys():
        return False
    return all(one.outputs[name].matches(other.outputs[name]) for name in one.outputs)


def _answer(case: Case, bug: str) -> BugAnswer | None:
    return next((answer for answer in case.bugs if answer.bug == bug), None)


def _named(result: Result) -> set[str]:
    return {
        finding.bug.id
        for part in result.parts
        for check in part.checks
        for finding in check.findings
        if finding.bug is not None
    }


def _lost(result: Result) -> float:
    """Points lost, of the checks that were run."""
    return rounded(
        sum(
            check.points - check.earned
            for part in result.parts
            for check in part.checks
            if check.status is not Status.SKIP
        )
    )
