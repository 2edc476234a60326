"""Every registered bug, planted in the reference solution, is caught and named as itself.

Each submission is the reference's own text and a line that chooses a bug; it is marked like any
other, behind the wall.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignment_file import load_assignment
from grader.grading import grade
from grader.marking import Marking
from grader.proof import Caught
from grader.result import Result, Status
from grader.sandbox import ForkServer
from grader.validation.prove import Terms, prove
from grader.validation.trial import write_files
from reference.bugs.registry import ALL_BUGS, BUGS
from reference.golden import make_bundle
from reference.oracle import ReferenceOracle

pytestmark = pytest.mark.slow  # marks every planted bug through the wall

SEED = "tests"  # of the marking fixture
ROOT = Path(__file__).resolve().parents[2]


def plant(folder: Path, bug: str | None) -> Path:
    """A submission that is the reference with this bug in it."""
    write_files(folder, ReferenceOracle().solution_files(load_assignment("hw3"), bug=bug))
    return folder


def value_checks(result: Result) -> dict[str, Status]:
    """Status of every check that compares values."""
    return {
        check.id: check.status
        for part in result.parts
        for check in part.checks
        if part.id in {"forward", "backward", "layers"}
    }


def named(result: Result) -> set[str]:
    """All bugs that are named anywhere in the result."""
    return {
        finding.bug.id
        for part in result.parts
        for check in part.checks
        for finding in check.findings
        if finding.bug is not None
    }


def test_the_reference_itself_passes(tmp_path: Path, server: ForkServer, marking: Marking) -> None:
    """Without a planted bug every value check passes."""
    result = grade(plant(tmp_path, None), marking, train=False, server=server)
    assert set(value_checks(result).values()) == {Status.OK}, result


def visible_bugs() -> list[str]:
    """The bugs that show in a case that hw3 marks; its bundle has a few more cases."""
    rules = load_assignment("hw3")
    bundle = make_bundle("hw3", rules.problems(), SEED.encode(), "hidden", pairs=False)
    seen = {
        answer.bug
        for check in rules.checks()
        if check.kind == "values"
        for case in bundle.problems[check.problem].select(check.cases)
        for answer in case.bugs
    }
    return [bug.id for bug in ALL_BUGS if bug.id in seen]


def concerned() -> set[str]:
    """The bugs of functions that hw3 asks for."""
    return set(ReferenceOracle().bugs(load_assignment("hw3").problems()))


def test_hardly_a_bug_is_invisible_to_the_assignment() -> None:
    """Only what concerns scores of +1000 and -1000 in one sample is left to other assignments."""
    hidden = concerned() - set(visible_bugs())
    assert all("log_of" in bug for bug in hidden), hidden


def a_few() -> list[str]:
    """Every sixtieth; no bundle is made for the choice, since each worker makes it."""
    asked_for = concerned()
    ids = (bug.id for bug in ALL_BUGS if bug.id in asked_for)
    return [bug for bug in ids if "log_of" not in bug][3::60]


@pytest.mark.parametrize("bug", a_few())
def test_a_planted_bug_is_caught_and_named(
    bug: str, tmp_path: Path, server: ForkServer, marking: Marking
) -> None:
    """It costs points, it is named, and no other bug is named."""
    result = grade(plant(tmp_path, bug), marking, train=False, server=server)
    statuses = value_checks(result)
    assert Status.FAIL in statuses.values()
    assert named(result) == {bug}, [c for p in result.parts for c in p.checks if c.findings]


def test_every_planted_bug_is_caught_and_named() -> None:
    """As `grade validate hw3` tries them; what no case of hw3 shows costs nothing."""
    terms = Terms(seed=SEED, dataset=ROOT / "fixtures/data/standin.txt")
    proof = prove("hw3", terms)
    assert proof.proven, proof.faults
    assert (proof.reference, proof.template) == (100, 0)
    assert {trial.bug for trial in proof.bugs} == concerned()
    ends = {trial.bug for trial in proof.bugs if trial.caught is Caught.NAMED}
    assert ends == set(visible_bugs())
    others = {trial.caught for trial in proof.bugs if trial.bug not in ends}
    assert others == {Caught.NOT_CHARGED}


def test_one_mistake_costs_one_check(tmp_path: Path, server: ForkServer, marking: Marking) -> None:
    """A named mistake that shows in several checks is charged by the first one alone."""
    assert "two_layer/no_batch_mean" in BUGS
    result = grade(plant(tmp_path, "two_layer/no_batch_mean"), marking, train=False, server=server)
    failing = [name for name, status in value_checks(result).items() if status is Status.FAIL]
    assert failing == ["backward/values"]
    assert "charged there" in result.check("backward/own_loss").notes[0]
