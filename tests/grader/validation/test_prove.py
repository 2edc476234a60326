"""grader/validation/prove.py: whole proofs, with real submissions behind the wall.

tests/grader/test_planted_bugs.py proves hw3.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import BadAssignment
from grader.proof import Caught, Claim
from grader.validation.prove import Terms, prove
from reference.oracle import ReferenceOracle

ROOT = Path(__file__).parents[3]
TERMS = Terms(seed="tests", dataset=ROOT / "fixtures/data/standin.txt")


@pytest.mark.slow
def test_an_assignment_of_ones_own_is_proven(pooling: Path) -> None:
    """Few imports, a file called like the reference's: every bug is tried and none slips through.

    The case that does not fit is not marked, so the bug that only shows there costs nothing.
    """
    heard: list[str] = []
    proof = prove(pooling, TERMS, heard.append)
    assert proof.proven, proof.faults
    assert (proof.reference, proof.template) == (4, 0)
    assert [trial.bug for trial in proof.bugs] == list(ReferenceOracle().bugs(["avg_pool_forward"]))
    ends = {trial.bug: trial.caught for trial in proof.bugs}
    assert ends.pop("avg_pool/does_not_fit_floored") is Caught.NOT_CHARGED
    assert set(ends.values()) == {Caught.NAMED}
    assert all(trial.lost > 0 for trial in proof.bugs if trial.caught is Caught.NAMED)
    assert "dataclasses" in proof.remarks[0]
    assert len(heard) == 3 + len(proof.bugs)


@pytest.fixture
def impossible(pooling: Path) -> Path:
    """Its reference can be loaded in no time at all, says the assignment."""
    limits = "limits: {import_cpu_seconds: 0.000001}\nimports:\n"
    pooling.write_text(pooling.read_text("utf-8").replace("imports:\n", limits), "utf-8")
    return pooling


def test_what_the_reference_cannot_pass_nobody_can(impossible: Path) -> None:
    """The check and the reason are named, and the bugs are not tried: they would fail as well."""
    proof = prove(impossible, TERMS)
    assert proof.holds(Claim.REFERENCE) is False
    assert proof.holds(Claim.BUGS) is None
    assert not proof.proven
    (fault,) = proof.faults
    assert fault.what.startswith("avg: the reference earns 0 of 4 points: ")


def test_rules_are_tried_before_anything_runs(pooling: Path) -> None:
    """Nothing is marked by rules that make no sense."""
    pooling.write_text(pooling.read_text("utf-8").replace("[plain]", "[plian]"), "utf-8")
    proof = prove(pooling, TERMS)
    assert [fault.claim for fault in proof.faults] == [Claim.RULES]
    assert proof.not_tried == [Claim.REFERENCE, Claim.TEMPLATE, Claim.BUGS]


def test_a_problem_that_is_not_there_is_named_by_its_place(pooling: Path) -> None:
    """No golden cases can be made for it: the assignment is unusable, not only unproven."""
    pooling.write_text(
        pooling.read_text("utf-8").replace("avg_pool_forward,", "avg_pool,"), "utf-8"
    )
    with pytest.raises(
        BadAssignment, match=r"^pooling.yaml:21:68: the catalogue has no problem 'a"
    ):
        prove(pooling, TERMS)


@pytest.mark.slow
def test_an_assignment_without_a_dataset_is_proved() -> None:
    """The reference then comes without training, and every bug is still found."""
    proof = prove(ROOT / "fixtures/assignments/windows.yaml", Terms(seed="tests"))
    assert (proof.proven, proof.reference, proof.accuracy) == (True, 10, None)
