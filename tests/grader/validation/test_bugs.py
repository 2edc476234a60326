"""grader/validation/bugs.py: what counts as caught, on hw3's real cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from grader.batch.pool import Entry
from grader.bundle import Bundle, Case
from grader.marking import Marking
from grader.oracle import Registered
from grader.proof import BugTrial, Caught
from grader.result import (
    CheckResult,
    Finding,
    NamedBug,
    PartResult,
    Result,
    Status,
    SubmissionInfo,
    Timing,
)
from grader.validation.bugs import faults_of_bugs, judged, same_answers, shows
from reference.oracle import ReferenceOracle

BUGS = ReferenceOracle().bugs(["two_layer_loss", "conv_forward", "conv_backward"])
PADDING = "conv/pad_only_before"
NOT_IN_HW3 = "two_layer/log_of_zero"


def entry(named: Sequence[str] = (), *, failing: bool = True) -> Entry:
    """What came of a submission in which one check fails, or none."""
    findings = [Finding(what="wrong")]
    findings += [Finding(what="x", bug=NamedBug(id=bug, message="", help="")) for bug in named]
    check = CheckResult(
        id="conv/forward",
        title="convolution",
        status=Status.FAIL if failing else Status.OK,
        points=5,
        earned=2 if failing else 5,
        hidden=True,
        findings=findings if failing else [],
    )
    skipped = check.model_copy(update={"id": "training", "status": Status.SKIP, "earned": 0})
    part = PartResult(id="p", title="P", points=10, earned=check.earned, checks=[check, skipped])
    result = Result(
        assignment="hw3",
        title="HW",
        submission=SubmissionInfo(name="x", kind="zip", sha256=""),
        wall="full",
        bundle=None,
        dataset=None,
        points=10,
        earned=check.earned,
        parts=[part],
        timing=Timing(total=0, student_cpu=0),
        versions={},
    )
    return Entry("x", result)


def trial(bug: str, marking: Marking, named: Sequence[str] = (), failing: bool = True) -> BugTrial:
    """The verdict on this bug."""
    return judged(entry(named, failing=failing), BUGS[bug], marking)


def test_named_as_itself(marking: Marking) -> None:
    """Lost are the points of what was run."""
    found = trial(PADDING, marking, [PADDING])
    assert (found.caught, found.lost, found.checks) == (Caught.NAMED, 3, ("conv/forward",))
    assert list(faults_of_bugs([found])) == []


@pytest.mark.parametrize(
    ("named", "failing", "caught", "said"),
    [
        ([], True, Caught.UNNAMED, "it loses 3 points at conv/forward, but is not named"),
        (["conv/sum"], True, Caught.MISNAMED, "it is named as conv/sum"),
        ([PADDING, "conv/sum"], True, Caught.MISNAMED, f"named as {PADDING}, conv/sum"),
        ([], False, Caught.MISSED, "it is in a case that is marked, and costs nothing"),
    ],
)
def test_what_is_a_fault(
    named: list[str], failing: bool, caught: Caught, said: str, marking: Marking
) -> None:
    """A bug that passes, or is explained wrongly."""
    found = trial(PADDING, marking, named, failing)
    assert found.caught is caught
    (fault,) = faults_of_bugs([found])
    assert said in fault.what


def test_without_a_result_it_is_a_fault(marking: Marking) -> None:
    """Nobody knows what would have come of it."""
    found = judged(Entry("x", None, "the grader failed"), BUGS[PADDING], marking)
    assert (found.caught, found.trouble) == (Caught.UNMARKED, "the grader failed")


def test_what_no_marked_case_shows_is_not_charged(marking: Marking) -> None:
    """hw3 leaves out scores of +1000 and -1000 in one sample."""
    assert not shows(NOT_IN_HW3, marking.assignment, marking.bundle)
    assert trial(NOT_IN_HW3, marking, failing=False).caught is Caught.NOT_CHARGED


def test_what_another_function_has_is_not_charged(marking: Marking) -> None:
    """Gradients may be right for the wrong forward pass that they follow."""
    bug = Registered(BUGS[PADDING].note, ("not_on_trial", "conv_forward"))
    found = judged(entry(failing=False), bug, marking)
    assert found.caught is Caught.NOT_CHARGED


def test_only_an_output_that_is_compared_counts(marking: Marking) -> None:
    """A wrong gradient is no matter to a check of the loss."""
    bug = "two_layer/no_batch_mean"
    loss_only = [c for c in marking.assignment.checks() if c.id == "forward/loss"]
    part = marking.assignment.parts[0].model_copy(update={"checks": loss_only})
    rules = marking.assignment.model_copy(update={"parts": [part]})
    assert shows(bug, marking.assignment, marking.bundle)
    assert not shows(bug, rules, marking.bundle)


def test_bugs_are_the_same_only_where_all_their_answers_are(marking: Marking) -> None:
    """hw3 tells its bugs apart, so that each is the same as itself alone."""
    bundle: Bundle = marking.bundle
    some = list(bundle.bugs)[::12]
    assert all(same_answers(bundle, one, other) == (one == other) for one in some for other in some)


def test_a_sister_with_the_same_answers_will_do(marking: Marking) -> None:
    """Where no case tells two bugs apart, either name is right."""
    problems = {
        name: replace(problem, cases=[with_a_twin(case) for case in problem.cases])
        for name, problem in marking.bundle.problems.items()
    }
    twins = replace(marking, bundle=replace(marking.bundle, problems=problems))
    found = trial(PADDING, twins, ["conv/twin"])
    assert found.caught is Caught.EQUIVALENT
    assert list(faults_of_bugs([found])) == []


def with_a_twin(case: Case) -> Case:
    """The case, in which conv/twin answers as the padding's bug does."""
    twins = [replace(answer, bug="conv/twin") for answer in case.bugs if answer.bug == PADDING]
    return replace(case, bugs=[*case.bugs, *twins])
