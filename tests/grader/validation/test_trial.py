"""grader/validation/trial.py: what the reference and the template may and may not do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.grading import grade
from grader.marking import Marking
from grader.oracle import find_oracle
from grader.proof import Claim
from grader.sandbox import ForkServer
from grader.shipped import shipped
from grader.validation.trial import faults_of_reference, faults_of_template, with_homes

ROOT = Path(__file__).parents[3]


def test_the_template_earns_nothing(server: ForkServer, marking: Marking) -> None:
    """As a submission it is one that has not been begun."""
    result = grade(shipped("student_template"), marking, train=False, server=server)
    assert result.earned == 0
    assert list(faults_of_template(result, marking.assignment)) == []
    assert len(list(faults_of_reference(result))) == len(list(marking.assignment.checks()))


def test_bugs_count_in_functions_that_no_file_is_named_for(marking: Marking) -> None:
    """What is planted in one is what is marked, not the reference's own module beside it."""
    rules = marking.assignment
    files = {path: names for path, names in rules.files.items() if path != "layers.py"}
    lacking = replace(marking, assignment=rules.model_copy(update={"files": files}))
    whole = with_homes(lacking).assignment
    assert whole.expected_file("conv_forward") == "other_functions.py"
    oracle = find_oracle()
    assert oracle is not None
    planted = oracle.solution_files(whole, bug="conv/filter_flipped")["other_functions.py"]
    assert "conv_forward = F['conv_forward']" in planted


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
