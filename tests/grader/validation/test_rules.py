"""grader/validation/rules.py: what the model accepts and no submission could ever satisfy."""

from __future__ import annotations

import pytest

from grader.assignment_file import BUILT_IN, load_assignment, parse_assignment
from grader.bundle import Bundle
from grader.marking import Marking
from grader.proof import Claim, Fault
from grader.validation.rules import Source, faults_of_rules, homeless_functions, unknown_problems
from reference.problems.catalogue import CATALOGUE

TEXT = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")


def faults(old: str, new: str, bundle: Bundle) -> list[Fault]:
    """Of hw3 with one thing changed."""
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    rules = parse_assignment(text, "a.yaml")
    return list(faults_of_rules(rules, Source(text, "a.yaml"), bundle))


def test_the_built_in_assignment_has_no_fault(marking: Marking) -> None:
    """Nor a function that lies nowhere."""
    rules, source = load_assignment("hw3"), Source(TEXT, "hw3.yaml")
    assert list(unknown_problems(rules, source, CATALOGUE)) == []
    assert list(faults_of_rules(rules, source, marking.bundle)) == []
    assert homeless_functions(rules, marking.bundle) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "what", "help_"),
    [
        (
            "cases: [padded]",
            "cases: [paded]",
            "cases: [paded]",
            "conv/backward: no case of conv_backward has the tag 'paded'",
            "did you mean 'padded'?",
        ),
        (
            "cases: [padded]",
            "cases: []",
            "cases: []",
            "conv/backward: an empty list chooses no case",
            "leave the key out for all cases",
        ),
        (
            "outputs: [dW1, db1, dW2, db2]",
            "outputs: [dW11, db1, dW2, db2]",
            "outputs: [dW11,",
            "backward/values: the chosen cases of two_layer_loss have no output 'dW11'",
            "did you mean 'dW1'?",
        ),
        (
            "problem: two_layer_loss, cases: [gradcheck]",
            "problem: two_layer_predict",
            "problem: two_layer_predict}\n\n  - id: training",
            "backward/own_loss: two_layer_predict has no gradients to compare",
            None,
        ),
        (
            "problem: conv_forward,",
            "problem: conv_forward, follow_through: true,",
            "follow_through: true,",
            "conv/forward: conv_forward builds on no other function of the student's",
            "leave follow_through out",
        ),
        (
            "[0.90, 1.0]]",
            "[0.90, 0.8]]",
            "ladder:",
            "training/accuracy: the ladder ends at 0.8 of the points; nobody can earn the rest",
            "let its last fraction be 1.0",
        ),
        (
            "[[0.50, 0.0], [0.90, 1.0]]",
            "[[0.50, 1.0], [0.90, 0.0]]",
            "ladder:",
            "training/accuracy: a higher accuracy earns less than a lower one",
            None,
        ),
        (
            "[numpy, abc,",
            "[abc,",
            "allow:\n    [abc,",
            "students may not import numpy",
            "add numpy to imports.allow",
        ),
    ],
)
def test_each_fault_is_named_with_its_place(
    old: str, new: str, key: str, what: str, help_: str | None, marking: Marking
) -> None:
    """Line and column of the key, what is wrong there, and what to do."""
    (fault,) = faults(old, new, marking.bundle)
    before = TEXT.replace(old, new, 1).partition(key)[0]
    where = f"a.yaml:{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"
    assert fault == Fault(Claim.RULES, what, where, help_)


def test_an_unknown_problem_is_named_before_cases_are_made() -> None:
    """With the likely one; all of them, not only the first."""
    text = TEXT.replace("problem: conv_forward", "problem: conv_foward")
    rules = parse_assignment(text, "a.yaml")
    found = list(unknown_problems(rules, Source(text, "a.yaml"), CATALOGUE))
    assert [fault.help for fault in found] == ["did you mean 'conv_forward'?"] * 2


def test_a_function_without_a_file_is_no_fault(marking: Marking) -> None:
    """It counts wherever a student writes it; the instructor is told."""
    text = TEXT.replace("    - conv_forward\n", "").replace("[train, HYPER", "[HYPER")
    rules = parse_assignment(text, "a.yaml")
    assert list(faults_of_rules(rules, Source(text, "a.yaml"), marking.bundle)) == []
    assert homeless_functions(rules, marking.bundle) == ["conv_forward", "train"]
