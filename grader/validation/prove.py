"""Proves an assignment: its rules, the reference, the template, and every registered bug."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.assignment import Assignment
from grader.assignment_file import assignment_text, parse_assignment
from grader.errors import BadAssignment, UnusableInput
from grader.grading import grade
from grader.marking import Marking, Visibility, prepare
from grader.oracle import Oracle, find_oracle
from grader.proof import BugTrial, Claim, Proof
from grader.sandbox import ForkServer, Tier
from grader.template import starting_files, write_files
from grader.validation.bugs import faults_of_bugs, try_bugs
from grader.validation.rules import Source, faults_of_rules, homeless_functions, unknown_problems
from grader.validation.trial import (
    accuracy_of,
    faults_of_reference,
    faults_of_template,
    for_the_reference,
    mark_reference,
    with_homes,
)


@dataclass(frozen=True)
class Terms:
    """Under which an assignment is proved."""

    visibility: Visibility = "hidden"
    """With which cases to mark."""
    dataset: Path | None = None
    """To train on; None for the usual ones."""
    seed: str | None = None
    """Text to draw hidden inputs from instead of the secret seed."""
    template: Path | None = None
    """Folder with what students start from; None for the one that comes with goldgrad."""
    jobs: int | None = None
    """Submissions at the same time; None for one a core."""
    tier: Tier | None = None
    """Of the wall; None for the strongest. All that runs is the course's own."""


def prove(
    name_or_path: str | Path, terms: Terms, tell: Callable[[str], None] = lambda _: None
) -> Proof:
    """Try all claims; what fails is in the proof's ``faults``.

    The bugs are not tried where the reference itself does not pass: every verdict on them would
    be about something else.

    Args:
        name_or_path: a built-in assignment, or the file of another.
        terms: how to prove it.
        tell: told what is being done.

    Raises:
        BadAssignment: the YAML does not fit the model, or no golden cases can be made for it.
        UnusableInput: the reference is not installed, or the dataset cannot be used.
        GraderFailure: no submission can be marked here.
    """
    started = time.monotonic()
    text, name = assignment_text(name_or_path)
    rules, source = parse_assignment(text, name), Source(text, name)
    oracle = _oracle()
    unknown = list(unknown_problems(rules, source, oracle.problems()))
    if unknown:
        lines = [f"{fault.where}: {fault.what}; {fault.help}" for fault in unknown]
        raise BadAssignment("\n".join(lines))
    tell("making golden cases")
    marking = prepare(
        name_or_path, visibility=terms.visibility, dataset=terms.dataset, seed=terms.seed
    )
    with ForkServer.start(rules.imports.frameworks, tier=terms.tier) as server:
        proof = _begun(rules, terms.visibility, server.tier)
        proof.faults += faults_of_rules(rules, source, marking.bundle)
        proof.remarks += _remarks(marking)
        if proof.faults:
            proof.not_tried = [Claim.REFERENCE, Claim.TEMPLATE, Claim.BUGS]
            return _ended(proof, started)
        at_home = with_homes(marking)
        _try_reference(proof, at_home, oracle, server, tell)
        _try_template(proof, marking, terms.template, server, tell)
    if proof.holds(Claim.REFERENCE):
        _try_bugs(proof, at_home, oracle, terms, tell)
    else:
        proof.not_tried.append(Claim.BUGS)
    return _ended(proof, started)


def _oracle() -> Oracle:
    oracle = find_oracle()
    if oracle is None:
        raise UnusableInput(
            "an assignment is proved with the reference solution, which is not installed here",
            hint="this is a student kit; install goldgrad whole",
        )
    return oracle


def _begun(rules: Assignment, visibility: Visibility, wall: Tier) -> Proof:
    return Proof(
        assignment=rules.assignment,
        title=rules.title,
        points=rules.points,
        parts=len(rules.parts),
        checks=sum(1 for _ in rules.checks()),
        visibility=visibility,
        wall=wall,
    )


def _ended(proof: Proof, started: float) -> Proof:
    proof.seconds = round(time.monotonic() - started, 1)
    return proof


def _remarks(marking: Marking) -> list[str]:
    rules, told = marking.assignment, []
    homeless = homeless_functions(rules, marking.bundle)
    if homeless:
        told.append(
            f"files names no file for {', '.join(homeless)}: students get no stub for it and are "
            "not told where to write it; it counts wherever it is"
        )
    if rules.due is not None and rules.due < datetime.now(UTC):
        told.append(f"the deadline, {rules.due.isoformat()}, has passed")
    return told


def _try_reference(
    proof: Proof,
    marking: Marking,
    oracle: Oracle,
    server: ForkServer,
    tell: Callable[[str], None],
) -> None:
    tell("marking the reference")
    proof.accuracy = accuracy_of(marking, oracle)
    if proof.accuracy is not None and marking.dataset is not None and marking.dataset.stand_in:
        proof.remarks.append(
            "trained on the bundled stand-in dataset, not the published one "
            "(`grade dataset` fetches that)"
        )
    _, added = for_the_reference(marking, oracle.solution_files(marking.assignment), oracle)
    if added:
        proof.remarks.append(f"the reference alone could import {', '.join(added)}, too")
    result = mark_reference(marking, oracle, proof.accuracy, server, lambda _: None)
    proof.reference = result.earned
    proof.faults += faults_of_reference(result)


def _try_template(
    proof: Proof,
    marking: Marking,
    template: Path | None,
    server: ForkServer,
    tell: Callable[[str], None],
) -> None:
    tell("marking the template")
    with tempfile.TemporaryDirectory(prefix="goldgrad-") as scratch:
        if template is None:
            template = Path(scratch) / "template"
            write_files(template, starting_files(marking.assignment, marking.oracle))
        result = grade(template, marking, server=server)
    proof.template = result.earned
    proof.faults += faults_of_template(result, marking.assignment)


def _try_bugs(
    proof: Proof,
    marking: Marking,
    oracle: Oracle,
    terms: Terms,
    tell: Callable[[str], None],
) -> None:
    total = len(oracle.bugs(marking.assignment.problems()))
    done = 0

    def hear(trial: BugTrial) -> None:
        nonlocal done
        done += 1
        tell(f"bug {done} of {total}: {trial.bug} is {trial.caught.replace('_', ' ')}")

    jobs = terms.jobs or os.cpu_count() or 1
    proof.bugs = try_bugs(marking, oracle, proof.accuracy, jobs=jobs, tier=terms.tier, hear=hear)
    proof.faults += faults_of_bugs(proof.bugs)
