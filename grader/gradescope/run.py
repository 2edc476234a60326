"""What runs in Gradescope's container: marks one submission and writes results.json.

Gradescope gives it a time, in all, and some memory; past either it ends everything without a word
to anybody. So students' code gets less than that of both, and what has been marked until then
stays marked.
"""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.assignment_file import load_assignment
from grader.batch.layouts.upload import packed_alone
from grader.batch.timestamps import parse_time
from grader.bundle_file import bundle_sha256, read_bundle
from grader.dataset.source import find_dataset
from grader.errors import GoldgradError, GraderFailure
from grader.fitting import fitted
from grader.gradescope import settings as names
from grader.gradescope.container import fitting, memory_mb
from grader.gradescope.settings import Settings, read_settings
from grader.grading import grade
from grader.marking import Marking, require_frameworks
from grader.oracle import find_oracle
from grader.render.gradescope import Document, failure, of_result, to_text
from grader.render.terminal import render_terminal
from grader.result import Result
from grader.sandbox import ForkServer
from grader.sandbox.policy import demand, pinned
from grader.untrusted import block, shown

FAILED = (
    "The grader failed, which says nothing about your submission: no score was recorded. "
    "Please tell the course's staff; they can run the grader again."
)
"""What a student reads where there is no score. It stands in results.json before anything else is
tried, and so is what is left when the grader is killed."""

_WIDTH = 100
_MOST_METADATA = 16 << 20
_READY_WITHIN = 4
"""The share of the time, one part of so many, in which the grader must be ready to mark."""
Tell = Callable[[str], None]


def run(root: Path, tell: Tell, started: float | None = None) -> int:
    """Mark ``root/submission`` and write ``root/results/results.json``.

    Args:
        root: ``/autograder``.
        tell: writes a line for staff: Gradescope does not show them to students.
        started: when Gradescope's time began, as time.monotonic() tells it; None for now.

    Returns:
        0 when there is a score; 3 when the grader failed, and there is none.
    """
    began = time.monotonic() if started is None else started
    results = root / "results"
    try:
        results.mkdir(exist_ok=True)
        write(results, failure(FAILED))
        document = _marked(root, tell, began)
    except GoldgradError as error:
        tell(f"the grader failed: {block(error)}")
        if error.hint:
            tell(f"help: {block(error.hint)}")
        return 3
    except Exception as error:  # noqa: BLE001 - whatever it was, a score of 0 would be a lie
        tell(block("".join(traceback.format_exception(error)), 100_000))
        tell("the grader failed: this is a bug in goldgrad")
        return 3
    write(results, document)
    return 0


def rehearse(root: Path, tell: Tell) -> None:
    """Load all that marking needs and start the wall, when the image is made.

    Raises:
        GoldgradError: something is missing or unusable.
    """
    settings = read_settings(root / "source")
    marking = _marking(root / "source", settings)
    tell(f"{marking.assignment.assignment}: {marking.assignment.title}, ready to mark")
    with _server(marking) as server:
        tell(f"wall while the image is made: {server.tier} (each result says what it was)")


def write(folder: Path, document: Document) -> None:
    """Put results.json into its folder, whole or not at all."""
    draft = folder / ".results.json.new"
    draft.write_text(to_text(document), encoding="utf-8", newline="\n")
    draft.replace(folder / "results.json")


def _marked(root: Path, tell: Tell, began: float) -> Document:
    source = root / "source"
    settings = read_settings(source)
    metadata = read_metadata(root / "submission_metadata.json", tell)
    submission = root / "submission"
    if not submission.is_dir():
        raise GraderFailure(f"there is no {submission}")
    marking = _marking(source, settings)
    wanted = marking.assignment.limits
    limits = fitting(wanted, memory_mb())
    rules = marking.assignment.model_copy(update={"limits": limits})
    marking = replace(marking, assignment=rules)
    path = next((path for _, path in packed_alone(submission)), submission)
    result = _graded(path, marking, settings, began)
    late = time.monotonic() >= _end(began, settings)
    name = f"submission {metadata['id']}" if metadata.get("id") else result.submission.name
    info = result.submission.model_copy(update={"name": name})
    result = result.model_copy(update={"submission": info})
    tell(render_terminal(result, width=_WIDTH, colour=False, verbose=True))
    remarks = _out_of_time(settings) if late else []
    remarks += _out_of_memory(result, wanted.memory_mb, limits.memory_mb)
    for remark in remarks:
        tell(remark)
    return of_result(
        result,
        remarks=remarks,
        extra={"submitted_at": metadata.get("submitted_at", "")},
        leaderboard=settings.leaderboard,
    )


def _marking(source: Path, settings: Settings) -> Marking:
    rules = load_assignment(source / names.ASSIGNMENT)
    bundle = read_bundle(source / names.BUNDLE)
    oracle = find_oracle()
    if bundle_sha256(bundle) != settings.bundle:
        raise GraderFailure(
            "the hidden cases are not those that the autograder was built with",
            hint="build it anew and upload it",
        )
    if oracle is None:
        raise GraderFailure(
            "the reference solution is not installed", hint="build the autograder anew"
        )
    require_frameworks(rules.imports.frameworks)
    data = find_dataset(rules.dataset, source / names.DATASET if settings.dataset else None)
    training = bytes.fromhex(settings.training_key)
    return Marking(rules, fitted(bundle, rules), data, oracle, training)


def _server(marking: Marking) -> ForkServer:
    return ForkServer.start(marking.assignment.imports.frameworks, tier=pinned())


def _graded(path: Path, marking: Marking, settings: Settings, began: float) -> Result:
    """The Result; the fork server may fall once, as in a batch."""
    try:
        return _graded_once(path, marking, settings, began)
    except GraderFailure:
        return _graded_once(path, marking, settings, began)


def _graded_once(path: Path, marking: Marking, settings: Settings, began: float) -> Result:
    with _server(marking) as server:
        demand(server.wall, insecure=settings.insecure)
        took = time.monotonic() - began
        if took > settings.seconds / _READY_WITHIN:
            # What is short then is not the student's time, and the marks would be.
            raise GraderFailure(
                f"getting ready took {took:.0f} s of the {settings.seconds} s that there are",
                hint="run it again; where it stays so, give the autograder more CPU in"
                " Gradescope's settings",
            )
        # One training run at a time: there is half a core, and little memory.
        return grade(path, marking, server=server, jobs=1, until=_end(began, settings))


def _end(began: float, settings: Settings) -> float:
    """When no more student code is run."""
    return began + settings.seconds - names.RESERVED_SECONDS


def _out_of_time(settings: Settings) -> list[str]:
    text = (
        f"**Not everything was tried:** the {settings.seconds // 60} minutes for marking one"
        " submission were used up. Checks that say so count 0. If your code does end by itself,"
        " tell the course's staff, who can allow more time."
    )
    return [text]


def _out_of_memory(result: Result, wanted_mb: int, given_mb: int) -> list[str]:
    findings = [f for part in result.parts for check in part.checks for f in check.findings]
    if given_mb >= wanted_mb or all(finding.stopped != "memory" for finding in findings):
        return []
    text = (
        f"Note: code may use {given_mb} MB of memory here, less than the {wanted_mb} MB that the"
        " assignment allows elsewhere. If yours needs more for good reasons, tell the course's"
        " staff."
    )
    return [text]


def read_metadata(path: Path, tell: Tell) -> dict[str, str]:
    """Which submission this is and when it came: ``id``, ``submitted_at``, as far as it is known.

    Marks do not depend on it.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_METADATA + 1)
        # It quotes the results of all earlier submissions; reading it takes ten times its size.
        about: Any = json.loads(content) if len(content) <= _MOST_METADATA else "too large"
        number, created = about["id"], parse_time(str(about["created_at"]))
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        tell(f"{path.name} cannot be used: {type(error).__name__}: {shown(error)}")
        return {}
    return {"id": shown(number, 40), "submitted_at": _text(created)}


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
