"""grader/render/proof.py: the report of `grade validate`."""

from __future__ import annotations

import json

import click
import pytest

from grader.proof import BugTrial, Caught, Claim, Fault, Proof
from grader.render.proof import proof_json, render_proof


@pytest.fixture
def proof() -> Proof:
    trials = [
        BugTrial("conv/a", "a is wrong", Caught.NAMED, 5, ("conv/forward",), ("conv/a",)),
        BugTrial("conv/b", "b is wrong", Caught.NOT_CHARGED),
        BugTrial("conv/c", "c is wrong", Caught.EQUIVALENT, 2, ("conv/forward",), ("conv/a",)),
    ]
    return Proof("hw3", "Net", 100, 6, 32, "hidden", "full", 100, 0.953, 0, trials, seconds=61.4)


def test_each_claim_has_a_line(proof: Proof) -> None:
    """And what did not come out as one would think is listed."""
    assert render_proof(proof).split("\n") == [
        "hw3  Net, 100 points   hidden cases, wall: full",
        "",
        "  ok    rules             6 parts, 32 checks, 100 points in all",
        "  ok    reference         earns 100 / 100, trained to accuracy 0.95",
        "  ok    template          earns 0 / 100",
        "  ok    registered bugs   2 of 3 are caught and named, 1 not charged",
        "",
        "Not charged: nothing that is marked shows them",
        "  conv/b: b is wrong",
        "",
        "Named as another bug that gives the same answers in every case",
        "  conv/c (as conv/a): c is wrong",
        "",
        "Proven in 1:01.",
        "",
    ]


def test_faults_come_first_with_place_and_remedy(proof: Proof) -> None:
    """And the last line says that it is not proven."""
    proof.faults = [
        Fault(Claim.RULES, "no such tag", "a.yaml:3:7", "did you mean 'l2'?"),
        Fault(Claim.TEMPLATE, "it earns 9 points"),
    ]
    proof.not_tried = [Claim.BUGS]
    text = render_proof(proof)
    assert "To mend\n  a.yaml:3:7: no such tag\n    help: did you mean 'l2'?\n" in text
    assert "\n  template: it earns 9 points\n" in text
    assert "  FAIL  template" in text
    assert "  -     registered bugs   not tried before the others hold\n" in text
    assert text.endswith("\nNot proven: 2 of 4 claims do not hold.\n")


def test_verbose_lists_every_bug(proof: Proof) -> None:
    """What each costs, and where."""
    text = render_proof(proof, verbose=True)
    assert "\n       5  conv/a  named  conv/forward\n       0  conv/b  not charged\n" in text


def test_many_of_a_kind_are_named_only(proof: Proof) -> None:
    """Dozens of explanations would hide what matters."""
    proof.bugs = [BugTrial(f"conv/{i}", "wrong", Caught.NOT_CHARGED) for i in range(30)]
    text = render_proof(proof)
    assert "conv/29" in text
    assert ": wrong" not in text


def test_json_holds_every_claim_fault_and_bug(proof: Proof) -> None:
    """Proven is what the exit code says."""
    told = json.loads(proof_json(proof))
    assert told["proven"] is True
    assert told["claims"] == dict.fromkeys(["rules", "reference", "template", "bugs"], True)
    assert [bug["caught"] for bug in told["bugs"]] == ["named", "not_charged", "equivalent"]


def test_colour_is_only_around_the_text(proof: Proof) -> None:
    """What is copied from a terminal reads the same."""
    proof.faults = [Fault(Claim.RULES, "no such tag", "a.yaml:3:7", "help")]
    assert click.unstyle(render_proof(proof, colour=True)) == render_proof(proof)
