"""grader/validation/trial.py: what the reference and the template may and may not do."""

from __future__ import annotations

from pathlib import Path

from grader.grading import grade
from grader.marking import Marking
from grader.proof import Claim
from grader.sandbox import ForkServer
from grader.shipped import shipped
from grader.validation.trial import faults_of_reference, faults_of_template

ROOT = Path(__file__).parents[3]


def test_the_template_earns_nothing(server: ForkServer, marking: Marking) -> None:
    """As a submission it is one that has not been begun."""
    result = grade(shipped("student_template"), marking, train=False, server=server)
    assert result.earned == 0
    assert list(faults_of_template(result, marking.assignment)) == []
    assert len(list(faults_of_reference(result))) == len(list(marking.assignment.checks()))


def test_a_template_that_contains_a_solution_is_a_fault(
    server: ForkServer, marking: Marking
) -> None:
    """Every check that it passes is listed."""
    good = grade(ROOT / "fixtures/submissions/good", marking, train=False, server=server)
    found = list(faults_of_template(good, marking.assignment))
    assert {fault.claim for fault in found} == {Claim.TEMPLATE}
    assert found[0].what == "forward/scores: the template earns 4 of 4 points"
    assert "leave out of the template" in (found[0].help or "")


def test_what_cannot_be_opened_is_a_fault(
    server: ForkServer, marking: Marking, tmp_path: Path
) -> None:
    """With the reason."""
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"no zip")
    result = grade(broken, marking, server=server)
    (fault,) = faults_of_template(result, marking.assignment)
    assert "the template cannot be marked: " in fault.what
    (fault,) = faults_of_reference(result)
    assert "the reference cannot be marked: " in fault.what
