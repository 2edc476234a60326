"""grader/diagnose/part.py: a known bug beside an unknown mistake."""

from __future__ import annotations

import numpy as np

from grader.bundle import BugAnswer, Case, Problem, Step
from grader.diagnose import Answer
from grader.diagnose.part import explaining_a_part
from grader.fingerprint import Fingerprint

RNG = np.random.default_rng(2)
LOSS = {"a": np.array(0.7), "b": np.array(1.3)}
GRADIENT = {"a": RNG.standard_normal((3, 4)), "b": RNG.standard_normal((3, 4))}
BUGS = ("twice", "both", "spread")


def answer_of(bug: str, case: str) -> BugAnswer:
    """twice: a doubled gradient; both: that, and a doubled loss; spread: another gradient."""
    gradient = GRADIENT[case] + 1 if bug == "spread" else 2 * GRADIENT[case]
    outputs = {"dW": Fingerprint.of(gradient)}
    if bug == "both":
        outputs["loss"] = Fingerprint.of(2 * LOSS[case])
    return BugAnswer(bug, outputs)


def problem(*bugs: str) -> Problem:
    """Two cases with a loss and a gradient, in which these bugs show."""
    cases = [
        Case(
            name,
            name,
            frozenset(),
            [Step("f", [], ["loss", "dW"])],
            {"loss": LOSS[name], "dW": GRADIENT[name]},
            bugs=[answer_of(bug, name) for bug in bugs],
        )
        for name in ("a", "b")
    ]
    return Problem("p", "P", "f", cases)


def wrong(loss: object, gradient: np.ndarray) -> Answer:
    """Wrong in both."""
    return Answer({"loss": np.asarray(loss), "dW": gradient}, frozenset({"loss", "dW"}))


def test_a_bug_explains_all_outputs_it_touches_though_another_is_wrong() -> None:
    """The loss is wrong in a way of its own, the gradients are exactly the bug's."""
    answers = {name: wrong(99, 2 * GRADIENT[name]) for name in ("a", "b")}
    assert explaining_a_part(["twice", "spread"], problem("twice", "spread"), answers) == ["twice"]


def test_a_sister_that_is_the_same_in_these_outputs_is_found_as_well() -> None:
    """Which of the two it is cannot be known."""
    answers = {name: wrong(99, 2 * GRADIENT[name]) for name in ("a", "b")}
    assert explaining_a_part(BUGS, problem(*BUGS), answers) == ["twice", "both"]


def test_one_output_of_another_kind_is_enough_against_it() -> None:
    """A bug that shows in both cases must be seen in both."""
    answers = {"a": wrong(99, 2 * GRADIENT["a"]), "b": wrong(99, 3 * GRADIENT["b"])}
    assert explaining_a_part(BUGS, problem(*BUGS), answers) == []


def test_cases_that_another_mistake_spoilt_are_left_out() -> None:
    """NaN, no numbers at all, or an exception in the other case."""
    found = Answer({"loss": LOSS["a"], "dW": 2 * GRADIENT["a"]}, frozenset({"dW"}))
    spoilt = [
        wrong(np.nan, np.full((3, 4), np.nan)),
        wrong(2.0, np.zeros((0, 4))),
        Answer(raised="IndexError"),
    ]
    for other in spoilt:
        answers = {"a": found, "b": other}
        assert explaining_a_part(BUGS, problem(*BUGS), answers) == ["twice"]


def test_whole_numbers_are_no_evidence() -> None:
    """Labels are equal by chance too easily."""
    ones = {"dW": Fingerprint.of(np.ones((3, 4)))}
    cases = [
        Case(
            "a",
            "a",
            frozenset(),
            [Step("f", [], ["loss", "dW"])],
            {"loss": LOSS["a"], "dW": GRADIENT["a"]},
            bugs=[BugAnswer("ones", ones)],
        )
    ]
    answers = {"a": wrong(99, np.ones((3, 4)))}
    assert explaining_a_part(["ones"], Problem("p", "P", "f", cases), answers) == []
