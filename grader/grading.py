"""Marks one submission: from what was handed in to a Result."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from grader import __version__
from grader.assignment import AccuracyCheck, Check, Part
from grader.checks.context import Context
from grader.checks.conventions import found
from grader.checks.follow_through import passed_on_words
from grader.checks.registry import carry_out
from grader.checks.source_facts import SourceFindings, look_at_sources
from grader.checks.training_runs import TrainingEvidence
from grader.checks.verdict import Verdict, as_the_rest
from grader.errors import BadSubmission
from grader.intake.parcel import Parcel, take
from grader.intake.submission import open_parcel
from grader.marking import Marking
from grader.result import (
    BundleInfo,
    CheckResult,
    DatasetInfo,
    Flag,
    PartResult,
    Result,
    Status,
    SubmissionInfo,
    Timing,
)
from grader.sandbox import ForkServer
from grader.score import rounded
from grader.student.proxy import Student
from grader.untrusted import shown

OnProgress = Callable[[str], None]


def grade(
    submission: Path | Parcel,
    marking: Marking,
    *,
    train: bool = True,
    server: ForkServer | None = None,
    jobs: int | None = None,
    until: float | None = None,
    on_progress: OnProgress | None = None,
) -> Result:
    """Mark one submission.

    A submission that cannot be opened at all is marked too: zero points, and ``problem`` says why.

    Args:
        submission: a zip, a folder, a notebook or a Python file, or what was taken of one.
        marking: what it is marked with.
        train: whether to run the training checks.
        server: a fork server to use; by default one is started for this submission.
        jobs: how many training runs at the same time; by default as many as there are cores.
        until: a moment of time.monotonic() at which student code is run no more: what has not been
            tried by then earns nothing, and says why. None for as long as its limits allow.
        on_progress: told what is being done, a few words at a time.

    Raises:
        UnusableInput: the path is no submission (missing, or a kind of file that cannot be one).
        GraderFailure: the grader cannot do its work.
    """
    started = time.perf_counter()
    tell = on_progress or (lambda _: None)
    with ExitStack() as stack:
        if server is None:
            server = stack.enter_context(ForkServer.start(marking.assignment.imports.frameworks))
        tell("reading the submission")
        limits = marking.assignment.limits
        parcel = submission if isinstance(submission, Parcel) else take(submission, limits)
        try:
            workspace = open_parcel(parcel, limits)
        except BadSubmission as error:
            return _unmarkable(parcel, marking, error, server.tier, started)
        student = Student(server, workspace, marking.assignment)
        stack.callback(student.close)
        if until is not None:
            student.finish_by(until)
        context = Context(
            assignment=marking.assignment,
            bundle=marking.bundle,
            dataset=marking.dataset,
            oracle=marking.oracle,
            workspace=workspace,
            student=student,
            training=None,
        )
        facts = look_at_sources(context)
        if train and marking.dataset is not None:
            context.training = TrainingEvidence(
                student,
                marking.assignment,
                marking.dataset,
                marking.oracle,
                marking.seed,
                disguised=_disguised_runs(marking),
                jobs=jobs or os.cpu_count() or 1,
            )
            stack.callback(context.training.close)
            stack.push(_at_once(server))
        verdicts = dict(_verdicts(context, tell))
        for part in marking.assignment.parts:
            _count_absent(part, verdicts)
        return _result(context, marking, facts, verdicts, server.tier, started)


def _at_once(server: ForkServer) -> Callable[..., None]:
    """Whoever is interrupted need not wait until train() has used up its minute."""

    def leave(kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not issubclass(kind, Exception):
            server.stop()

    return leave


def _disguised_runs(marking: Marking) -> int:
    runs = [c.runs for c in marking.assignment.checks() if isinstance(c, AccuracyCheck)]
    return max(runs, default=3) - 1


def _verdicts(context: Context, tell: OnProgress) -> Iterator[tuple[str, Verdict]]:
    for check in context.assignment.checks():
        tell(check.title)
        yield check.id, carry_out(check, context)


def _count_absent(part: Part, verdicts: dict[str, Verdict]) -> None:
    """Let what is optional and not there earn what the rest of the part earns."""
    there = [check for check in part.checks if not verdicts[check.id].absent]
    earned = sum(check.points * verdicts[check.id].fraction for check in there)
    points = sum(check.points for check in there)
    for check in part.checks:
        if verdicts[check.id].absent:
            verdicts[check.id] = as_the_rest(verdicts[check.id], earned, points)


def _result(
    context: Context,
    marking: Marking,
    facts: SourceFindings,
    verdicts: dict[str, Verdict],
    wall: str,
    started: float,
) -> Result:
    parts = [_part(part, verdicts, hidden=context.hidden) for part in context.assignment.parts]
    # Rounded once, at the end: thirds of points add up to whole ones.
    earned = sum(_earned(part, verdicts) for part in context.assignment.parts)
    deducted = min(earned, sum(deduction.points for deduction in facts.deductions))
    flags = facts.flags + [flag for verdict in verdicts.values() for flag in verdict.flags]
    return Result(
        assignment=marking.assignment.assignment,
        title=marking.assignment.title,
        submission=context.workspace.info,
        wall=wall,
        bundle=BundleInfo(visibility=marking.bundle.visibility, sha256=marking.bundle_sha256),
        dataset=_dataset(marking),
        points=marking.assignment.points,
        earned=rounded(earned - deducted),
        parts=parts,
        deductions=facts.deductions,
        flags=flags,
        notes=[
            *context.workspace.notes,
            *facts.notes,
            *found(context),
            *passed_on_words(context),
            *_of_another_assignment(context),
        ],
        timing=_timing(started, context),
        versions=_versions(),
    )


def _of_another_assignment(context: Context) -> list[str]:
    """A note where there is code, but no function that is asked for."""
    rules, absent = context.assignment, context.student.definitions.absent
    code = any(file.endswith((".py", ".ipynb")) for file in context.workspace.info.files)
    if not code or not all(absent(name) for names in rules.files.values() for name in names):
        return []
    told = (
        f"nothing in it is what {rules.assignment} asks for: is it another assignment's homework?"
    )
    return [f"{told} (--assignment names one)"]


def _part(part: Part, verdicts: dict[str, Verdict], *, hidden: bool) -> PartResult:
    checks = [_check(check, verdicts[check.id], hidden=hidden) for check in part.checks]
    remarks = [verdicts[check.id].remark for check in part.checks]
    return PartResult(
        id=part.id,
        title=part.title,
        points=part.points,
        earned=rounded(_earned(part, verdicts)),
        remark="; ".join(remark for remark in remarks if remark) or None,
        checks=checks,
    )


def _earned(part: Part, verdicts: dict[str, Verdict]) -> float:
    return sum(check.points * verdicts[check.id].fraction for check in part.checks)


def _check(check: Check, verdict: Verdict, *, hidden: bool) -> CheckResult:
    return CheckResult(
        id=check.id,
        title=check.title,
        status=verdict.status,
        points=check.points,
        earned=rounded(check.points * verdict.fraction),
        # A report and the loss on public data hold no secret; the rest is fed hidden inputs.
        hidden=hidden and check.kind not in {"report", "initial_loss"},
        cases=verdict.cases,
        findings=verdict.findings,
        notes=verdict.notes,
        measured=verdict.measured,
        waits_for=verdict.waits_for,
    )


def _dataset(marking: Marking) -> DatasetInfo | None:
    data = marking.dataset
    if data is None:
        return None
    return DatasetInfo(name=data.name, sha256=data.sha256, stand_in=data.stand_in)


def _timing(started: float, context: Context) -> Timing:
    training = context.training.cpu_seconds if context.training else 0.0
    return Timing(
        total=round(time.perf_counter() - started, 3),
        student_cpu=round(context.cpu_seconds + training, 3),
    )


def _versions() -> dict[str, str]:
    return {
        "goldgrad": __version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def _unmarkable(
    parcel: Parcel, marking: Marking, error: BadSubmission, wall: str, started: float
) -> Result:
    problem = str(error) + (f" ({error.hint})" if error.hint else "")
    nothing = Verdict(Status.SKIP, 0.0)
    verdicts = {check.id: nothing for check in marking.assignment.checks()}
    return Result(
        assignment=marking.assignment.assignment,
        title=marking.assignment.title,
        submission=SubmissionInfo(
            name=shown(parcel.title, 120), kind=parcel.kind, sha256=parcel.sha256
        ),
        wall=wall,
        bundle=BundleInfo(visibility=marking.bundle.visibility, sha256=marking.bundle_sha256),
        dataset=_dataset(marking),
        points=marking.assignment.points,
        earned=0.0,
        parts=[_part(part, verdicts, hidden=False) for part in marking.assignment.parts],
        flags=[Flag(kind="cannot_open", message=shown(problem))],
        problem=shown(problem),
        timing=Timing(total=round(time.perf_counter() - started, 3), student_cpu=0.0),
        versions=_versions(),
    )
