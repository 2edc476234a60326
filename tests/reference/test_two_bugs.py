"""reference/two_bugs.py: two mistakes at once are caught, and no third one is named for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from grader.bundle import Bundle, Problem
from grader.diagnose import Answer, mistakes
from grader.fingerprint import Fingerprint
from reference.bugs.bug import Bug
from reference.bugs.registry import ALL_BUGS, BUGS
from reference.case_steps import Functions, run
from reference.golden import differs, make_bundle
from reference.problems.catalogue import CATALOGUE
from reference.problems.plan import ProblemPlan
from reference.two_bugs import pairs
from reference.variants import right_functions, with_bugs

pytestmark = pytest.mark.slow  # bundles with pairs of bugs

_MOST = 30
"""Pairs that are tried of one problem: evenly spread over all."""
_MOST_OF_OTHERS = 12
"""The same in another setting of its convention, where most answers are known from the usual."""


def answers(plan: ProblemPlan, problem: Problem, functions: Functions) -> dict[str, Answer]:
    """What these functions answer to a problem's cases."""
    found = {}
    names = plan.outputs
    for case in problem.cases:
        try:
            with np.errstate(all="ignore"):
                bound = run(case.steps, functions)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            found[case.id] = Answer(raised=type(error).__name__)
            continue
        outputs = {n: case.in_shape(n, np.asarray(bound[n])) for n in names if n in bound}
        outputs |= {name: seen.value for name, seen in case.observations(bound).items()}
        wrong = {
            name
            for name, got in outputs.items()
            if case.raises or differs(got, case.expected[name], case.tolerance_of(name))
        }
        found[case.id] = Answer(outputs, frozenset(wrong))
    return found


def spread(problem: Problem, most: int) -> Iterator[tuple[Bug, Bug]]:
    """At most so many of the pairs of bugs that one problem's function can have."""
    found = list(pairs([bug for bug in ALL_BUGS if problem.function in bug.changed]))
    return iter(found[:: -(-len(found) // most)] if found else [])


def same(problem: Problem, one: dict[str, Answer], other: dict[str, Answer]) -> bool:
    """Whether two programs give the same answers to all cases, but for those that are NaN."""
    for case in problem.cases:
        ours, theirs = one[case.id], other[case.id]
        if any(not np.isfinite(output).all() for output in ours.outputs.values()):
            continue
        if ours.outputs.keys() != theirs.outputs.keys():
            return False
        for name in ours.outputs:
            if not ours.matches(name, Fingerprint.of(theirs.outputs[name])):
                return False
    return True


def says_anything(answer: Answer) -> bool:
    """Whether a wrong output is more than zeros, or than numbers that are not finite."""
    wrong = [answer.outputs[name] for name in answer.wrong]
    return any(np.isfinite(output).all() and np.any(output) for output in wrong)


def judge(
    bundle: Bundle, problem: Problem, one: Bug, other: Bug, plan: ProblemPlan | None = None
) -> str:
    """What becomes of a submission with both mistakes."""
    plan = plan or CATALOGUE[problem.name]
    right = right_functions(plan)
    try:
        theirs = answers(plan, problem, with_bugs(plan, (one, other), right))
    except RecursionError:
        return "impossible"  # each formula needs the other
    wrong = {name for answer in theirs.values() for name in answer.wrong}
    if not wrong:
        raised = any(theirs[case.id].raised != case.raises for case in problem.cases)
        return "exceptions alone" if raised else "undo each other"
    named = {note.id for note in mistakes(bundle, problem, theirs, outputs=wrong)}
    if not named:
        return "unnamed" if any(map(says_anything, theirs.values())) else "zeros or NaN throughout"
    if named <= {one.id, other.id}:
        return f"{len(named)} named"
    if not named <= BUGS.keys():
        (told,) = named
        among = any(set(pair.split(" + ")) <= {one.id, other.id} for pair in told.split(" or "))
        return "told among pairs" if among else f"{one.id} and {other.id} are not among {told}"
    alone = [BUGS[name] for name in named]
    if len(alone) == 1 and same(
        problem, theirs, answers(plan, problem, with_bugs(plan, (alone[0],), right))
    ):
        return "a third one, written in two steps"
    return f"{one.id} and {other.id} are taken for {sorted(named)}"


@pytest.fixture(scope="module")
def everything() -> Bundle:
    """All problems, with pairs of bugs."""
    return make_bundle("own", list(CATALOGUE), b"two", "hidden")


def usual_ways(bundle: Bundle) -> Iterator[tuple[ProblemPlan, Problem, int]]:
    """All problems, and how many of their pairs of bugs are tried."""
    for problem in bundle.problems.values():
        yield CATALOGUE[problem.name], problem, _MOST


def other_ways(bundle: Bundle) -> Iterator[tuple[ProblemPlan, Problem, int]]:
    """The other settings of all problems."""
    for problem in bundle.problems.values():
        plans = CATALOGUE[problem.name].alternatives
        for plan, way in zip(plans, problem.alternatives, strict=True):
            yield plan, way, _MOST_OF_OTHERS


@pytest.mark.parametrize("ways", [usual_ways, other_ways])
def test_two_mistakes_are_caught_and_none_is_named_that_is_not_there(everything, ways):
    """Nearly always both are named, else one, or they are told among pairs that answer alike.

    Zeros and NaN throughout say nothing of where they come from, and are not named. As much holds
    where a convention has another setting, as a halved penalty.
    """
    found = Counter(
        judge(everything, problem, one, other, plan)
        for plan, problem, most in ways(everything)
        for one, other in spread(problem, most)
    )
    expected = {
        "2 named", "1 named", "a third one, written in two steps", "told among pairs", "unnamed",
        "zeros or NaN throughout", "undo each other", "exceptions alone", "impossible",
    }  # fmt: skip
    assert found.keys() <= expected
    total = sum(found.values())
    # One may hide the other, or show nothing on a problem that is not its own.
    assert found["2 named"] > 0.75 * total
    assert found["told among pairs"] < 0.01 * total
    assert found["zeros or NaN throughout"] < 0.005 * total
    # Beside a mistake that only another problem of the family shows, as a leaky ReLU, which
    # changes no prediction.
    assert found["unnamed"] <= max(1, 0.001 * total)
    assert found["undo each other"] + found["exceptions alone"] < 0.02 * total


def test_both_mistakes_of_a_function_are_named(everything):
    """Two that change the same output: neither's own answer is seen."""
    one, other = BUGS["conv/no_bias"], BUGS["conv/filter_flipped"]
    assert judge(everything, everything.problems["conv_forward"], one, other) == "2 named"


def test_a_mistake_that_answers_instead_of_refusing_is_named_beside_any_other(everything):
    """What is answered where an exception is due has the other mistake in it, too."""
    floored = BUGS["conv/does_not_fit_floored"]
    for name in ("no_bias", "channel_mean", "stride_only_in_size"):
        other = BUGS[f"conv/{name}"]
        assert judge(everything, everything.problems["conv_forward"], floored, other) == "2 named"


def test_answers_that_are_one_throughout_name_no_two_mistakes_for_certain(everything):
    """Too many things end there: two bugs of other cases would explain them as well."""
    one, other = BUGS["knn/everyone_votes"], BUGS["knn/mean_of_labels"]
    assert judge(everything, everything.problems["knn_predict"], one, other) == "told among pairs"


def test_pairs_that_answer_alike_are_all_told(everything):
    """A gradient that is the input itself, or the output: which of the two pairs, nobody knows."""
    problem = everything.problems["relu_backward"]
    for pair in (("no_upstream", "times_input"), ("upstream_passed_on", "output_returned")):
        one, other = (BUGS[f"relu/{name}"] for name in pair)
        assert judge(everything, problem, one, other) == "told among pairs"


def test_what_a_second_mistake_moves_by_next_to_nothing_is_recognised(everything):
    """A logarithm of p + 1e-6 changes every loss a little, and the penalty is missing in some."""
    one, other = BUGS["two_layer/log_of_p_plus_1e_6"], BUGS["two_layer/l2_missing"]
    assert judge(everything, everything.problems["two_layer_loss"], one, other) == "2 named"
