"""reference/golden.py: bundles in which every registered bug is caught and named as itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import pytest

from grader.assignment_file import load_assignment
from grader.bundle import PUBLIC_SEED, Bound, Bundle, Case, Problem, Step
from grader.bundle_file import bundle_from_bytes, bundle_to_bytes, read_bundle
from grader.diagnose import Answer, diagnose
from grader.errors import BadAssignment
from grader.fingerprint import Fingerprint
from grader.shipped import shipped
from reference.bugs.bug import Bug, bugs_of
from reference.bugs.registry import ALL_BUGS, BUGS
from reference.bugs.two_layer.formulas import TWO_LAYER
from reference.case_steps import run
from reference.golden import differs, make_bundle
from reference.problems.catalogue import CATALOGUE
from reference.problems.solution import SOLUTION
from reference.variants import right_functions

pytestmark = pytest.mark.slow  # the whole catalogue's bundle

OUTPUTS = {name for plan in CATALOGUE.values() for name in plan.outputs}
HW3 = load_assignment("hw3").problems()
HW3_FUNCTIONS = {CATALOGUE[name].function for name in HW3}


@pytest.fixture(scope="module")
def bundle(catalogue_bundle: Bundle) -> Bundle:
    """All problems."""
    return catalogue_bundle


def answer(
    case: Case,
    functions: Mapping[str, Callable[..., Any]],
    noise: float = 0.0,
    compared: Collection[str] = (),
) -> Answer:
    """What these functions answer to a case, as the harness sees it.

    Args:
        case: what is run.
        functions: on what.
        noise: how far rounding moves each value.
        compared: the outputs that count where an exception is due.
    """
    rng = np.random.default_rng(5)
    try:
        with np.errstate(all="ignore"):
            bound = run(case.steps, functions)
    except (ValueError, IndexError) as error:
        return Answer(raised=type(error).__name__)
    bound |= {name: seen.value for name, seen in case.observations(bound).items()}
    names = case.expected or [name for name in compared if name in bound]
    outputs = {
        name: case.in_shape(name, np.asarray(bound[name], dtype=np.float64)) for name in names
    }
    outputs = {
        name: array * (1 + noise * rng.uniform(-1, 1, array.shape))
        for name, array in outputs.items()
    }
    wrong = {
        name
        for name, array in outputs.items()
        if case.raises or differs(array, case.expected[name], case.tolerance_of(name))
    }
    return Answer(outputs, frozenset(wrong))


def diagnosis(
    bundle: Bundle, problem: Problem, functions: Mapping[str, Callable[..., Any]], noise: float
) -> str | None:
    """The bug that the harness names for these functions."""
    answers = {case.id: answer(case, functions, noise, problem.outputs) for case in problem.cases}
    note = diagnose(bundle, problem, answers)
    return None if note is None else note.id


def test_the_reference_passes_and_is_taken_for_no_bug(bundle):
    """Every case is answered as expected, and nothing is named; in each setting of a problem."""
    for name, problem in bundle.problems.items():
        plans = [CATALOGUE[name], *CATALOGUE[name].alternatives]
        for way, plan in zip([problem, *problem.alternatives], plans, strict=True):
            right = right_functions(plan)
            for case in way.cases:
                ours = answer(case, right)
                assert not ours.wrong
                assert ours.raised == case.raises
            assert diagnosis(bundle, way, right, 0.0) is None


def test_settings_are_told_apart(bundle):
    """What computes other values in one setting is not right in all cases of another."""
    for name, problem in bundle.problems.items():
        plans = [CATALOGUE[name], *CATALOGUE[name].alternatives]
        ways = [problem, *problem.alternatives]
        assert len({way.setting for way in ways}) == len(ways)
        assert len({way.setting and way.setting.convention for way in ways}) == 1
        for (plan, ours), (other, theirs) in itertools.permutations(
            zip(plans, ways, strict=True), 2
        ):
            if plan.changes == other.changes:
                continue  # the inputs differ, and one function may do for both
            right = right_functions(plan)
            answers = {case.id: answer(case, right) for case in theirs.cases}
            assert any(
                answers[case.id].wrong or answers[case.id].raised != case.raises
                for case in theirs.cases
            ), (name, ours.setting, theirs.setting)


def test_every_bug_is_caught_and_named_as_itself(bundle):
    """Planted in the reference and blurred by rounding, each bug is named on its own problem.

    On the problems of other functions that have it, it is named as itself or not at all.
    """
    for bug in ALL_BUGS:
        functions = {**SOLUTION, **bug.functions()}
        for problem in bundle.problems.values():
            if problem.function not in bug.changed:
                continue
            named = diagnosis(bundle, problem, functions, noise=1e-11)
            if problem.function == bug.home:
                assert named == bug.id
            else:
                assert named in {bug.id, None}


def test_no_two_bugs_give_the_same_answers(bundle):
    """Over all problems, every pair of bugs is told apart by some case."""
    signatures: dict[str, dict[tuple[str, str, str], Fingerprint | str]] = {b: {} for b in BUGS}
    for problem in bundle.problems.values():
        for case in problem.cases:
            for bug in case.bugs:
                mine = signatures[bug.bug]
                for name, fingerprint in bug.outputs.items():
                    mine[problem.name, case.id, name] = fingerprint
                if bug.raises:
                    mine[problem.name, case.id, ""] = bug.raises
    ids = list(BUGS)
    alike = [
        (one, two)
        for i, one in enumerate(ids)
        for two in ids[i + 1 :]
        if signatures[one].keys() == signatures[two].keys()
        and all(_same(value, signatures[two][key]) for key, value in signatures[one].items())
    ]
    assert alike == []


def _same(one: Fingerprint | str, two: Fingerprint | str) -> bool:
    if isinstance(one, str) or isinstance(two, str):
        return one == two
    return one.matches(two)


def test_every_bug_is_far_from_right_somewhere(bundle):
    """In some case of its function a bug's answer has another shape or is a thousandth off.

    Counts are exact: another number is another one, however near.
    """
    far = set()
    for problem in bundle.problems.values():
        for case in problem.cases:
            for bug in case.bugs:
                if case.raises or bug.raises:
                    far.add(bug.bug)
                for name, fingerprint in bug.outputs.items():
                    if case.raises is None:
                        want = case.expected[name]
                        near = 1e-6 if np.array_equal(want, np.round(want)) else 1e-3
                        if not fingerprint.matches(Fingerprint.of(want), rtol=near):
                            far.add(bug.bug)
    assert far == set(BUGS)


def test_exceptions_alone_name_no_bug(bundle):
    """A bug that is listed for a problem has a value among its answers there."""
    for problem in bundle.problems.values():
        listed = {bug.bug for case in problem.cases for bug in case.bugs}
        with_value = {bug.bug for case in problem.cases for bug in case.bugs if bug.outputs}
        assert listed == with_value


def test_answers_are_listed_in_the_registry_s_order(bundle):
    """Whoever must choose between two bugs finds the one to name first."""
    order = {bug.id: i for i, bug in enumerate(ALL_BUGS)}
    assert list(bundle.bugs) == [bug.id for bug in ALL_BUGS]
    for problem in bundle.problems.values():
        for case in problem.cases:
            places = [order[bug.bug] for bug in case.bugs]
            assert places == sorted(places)


def test_what_no_seed_changes_is_known(catalogue_bundle):
    """Functions without arguments: a kit would give their answers away, and says so."""
    same = [name for name, problem in catalogue_bundle.problems.items() if problem.same_for_all]
    assert same == ["sharpen_kernel", "edge_kernel", "short_answers"]


def test_a_long_seed_makes_a_bundle():
    """Inputs are drawn that let no bug pass of those that the homework may have."""
    exposed = {bug.id for bug in ALL_BUGS if bug.home in HW3_FUNCTIONS}
    made = make_bundle("own", HW3, b"\x00\xff" * 40, "hidden", pairs=False)
    assert set(made.bugs) >= exposed


def test_an_empty_seed_makes_a_bundle():
    """Whatever the seed, no bug passes, and none is confused with another."""
    bundle = make_bundle("own", list(CATALOGUE), b"", "hidden", pairs=False)
    assert set(bundle.bugs) == set(BUGS)
    test_every_bug_is_caught_and_named_as_itself(bundle)
    test_no_two_bugs_give_the_same_answers(bundle)
    test_every_bug_is_far_from_right_somewhere(bundle)


@pytest.mark.parametrize("name", list(CATALOGUE)[::12])
def test_a_problem_makes_a_bundle_of_its_own(name):
    """An assignment may use a single problem; its bundle exposes the bugs of its function."""
    bundle = make_bundle("own", [name, name], b"alone", "public", pairs=False)
    assert list(bundle.problems) == [name]
    home = {bug.id for bug in ALL_BUGS if bug.home == CATALOGUE[name].function}
    assert home <= set(bundle.bugs)


def harmless(function: str) -> Bug:
    """A bug that computes what the reference does."""
    bug = bugs_of(TWO_LAYER, function)
    return bug("harmless", "nothing is wrong", "nothing to mend", dh=lambda q: q.dscores @ q.W2.T)


def test_a_bundle_that_a_bug_passes_is_refused():
    """A registered bug whose function is on trial and which no case exposes stops the bundle."""
    with pytest.raises(BadAssignment, match=r"two_layer_loss do not expose.*two_layer/harmless"):
        make_bundle("hw3", HW3, b"seed", "hidden", bugs=[harmless("loss")])


def test_a_bug_of_a_function_that_is_not_on_trial_stops_nothing():
    """Only bugs of the bundle's own functions must be exposed."""
    bundle = make_bundle(
        "own", ["conv_forward"], b"seed", "hidden", pairs=False, bugs=[harmless("loss")]
    )
    assert not bundle.bugs


def test_an_unknown_problem_is_refused():
    """The message names it, the hint says what there is."""
    with pytest.raises(BadAssignment, match="'conv_sideways'") as caught:
        make_bundle("hw3", ["conv_sideways"], b"seed", "public")
    assert "conv_forward" in str(caught.value.hint)


def test_equal_seeds_make_equal_bytes_and_survive_them():
    """A bundle is deterministic, survives its file format, and is small."""
    content = bundle_to_bytes(make_bundle("hw3", HW3, b"bytes", "hidden"))
    assert content == bundle_to_bytes(make_bundle("hw3", HW3, b"bytes", "hidden"))
    assert content == bundle_to_bytes(bundle_from_bytes(content))
    assert len(content) < 500_000


def test_steps_are_run_in_order_on_what_was_bound():
    """A handle, a tuple and a dict are taken apart; a later step uses what they bound."""
    functions = {"f": lambda x: (x + 1, {"k": 10 * x}), "g": lambda a, b: a + b["in"]}
    steps = [
        Step("f", [2], ["one", {"k": "#kept"}]),
        Step("g", [Bound("one"), {"in": Bound("kept")}], "sum"),
    ]
    assert run(steps, functions) == {"one": 3, "kept": 20, "sum": 23}


def test_the_committed_public_bundle_is_up_to_date():
    """fixtures/bundles/hw3.public.npz is what the public seed gives, up to rounding.

    If this fails after a change of problems or bugs: `grade golden -o` that file.
    """
    committed = read_bundle(shipped("bundles") / "hw3.public.npz")
    fresh = make_bundle("hw3", HW3, PUBLIC_SEED, "public", pairs=False)
    assert (committed.assignment, committed.visibility) == ("hw3", "public")
    assert list(committed.problems) == list(fresh.problems)
    assert committed.bugs == fresh.bugs
    for name, problem in fresh.problems.items():
        theirs = committed.problems[name]
        assert (theirs.title, theirs.function) == (problem.title, problem.function)
        assert theirs.derivative == problem.derivative
        for ours, old in zip(problem.cases, theirs.cases, strict=True):
            _assert_same_case(ours, old)


def _assert_same_case(ours: Case, old: Case) -> None:
    assert (ours.id, ours.category, ours.tags) == (old.id, old.category, old.tags)
    assert ours.raises == old.raises
    np.testing.assert_equal(_plain(ours.steps), _plain(old.steps))
    assert ours.expected.keys() == old.expected.keys()
    for name, want in ours.expected.items():
        np.testing.assert_allclose(old.expected[name], want, rtol=1e-9, atol=1e-9)
    assert [bug.bug for bug in ours.bugs] == [bug.bug for bug in old.bugs]
    for new, stored in zip(ours.bugs, old.bugs, strict=True):
        assert new.raises == stored.raises
        assert new.outputs.keys() == stored.outputs.keys()
        assert all(new.outputs[name].matches(stored.outputs[name]) for name in new.outputs)


def _plain(steps: list[Step]) -> list[Any]:
    return [[step.function, step.returns, _without_bound(step.args)] for step in steps]


def _without_bound(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_without_bound(item) for item in tree]
    return f"<{tree.name}>" if isinstance(tree, Bound) else tree
