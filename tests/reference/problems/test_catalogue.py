"""The golden cases: complete, well-formed, and fair to everyone who computes rightly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.assignment import ValuesCheck
from grader.assignment_file import load_assignment
from grader.bundle import Bundle, Case, Problem
from grader.fingerprint import Fingerprint
from reference.bugs.registry import BUGS
from reference.golden import differs, run
from reference.problems.catalogue import AREAS, CATALOGUE
from reference.problems.plan import stream
from reference.problems.solution import SOLUTION
from reference.problems.two_layer import TWO_LAYER_LOSS

pytestmark = pytest.mark.slow  # the whole catalogue's bundle

SEEDS = [b"first", b"second", b"third"]


def _arrays(tree: Any) -> list[np.ndarray]:
    if isinstance(tree, np.ndarray):
        return [tree]
    if isinstance(tree, dict):
        tree = list(tree.values())
    return [array for item in tree for array in _arrays(item)] if isinstance(tree, list) else []


def test_every_check_of_the_homework_finds_cases(bundle):
    """Each problem, tag and output that hw3.yaml names is in the catalogue."""
    for check in load_assignment("hw3").checks():
        if not isinstance(check, ValuesCheck):
            continue
        problem = bundle.problems[check.problem]
        for tag in check.cases or [None]:
            assert problem.select(None if tag is None else [tag]), (check.id, tag)
        for case in problem.select(check.cases):
            assert case.raises or set(check.outputs or ()) <= case.expected.keys()


@pytest.mark.parametrize("area", AREAS)
def test_loops_agree_with_the_reference(bundle, naive, area):
    """Plain loops pass every case, with room to spare."""
    for problem, case in _in_loops(bundle, naive, area):
        if case.raises is not None:
            with pytest.raises(ValueError, match="window"):
                run(case.steps, naive)
            continue
        seen = _answers(case, naive)
        for name, want in case.expected.items():
            got, where = np.asarray(seen[name]), f"{problem.name}, {case.id}: {name}"
            assert got.shape == want.shape, where
            assert not differs(got, want, case.tolerance), where
            np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9, err_msg=where)


@pytest.mark.parametrize("area", AREAS)
def test_right_answers_are_never_taken_for_a_bug(bundle, naive, area):
    """For every bug there is a case in which the loops' answer is not the bug's."""
    told_apart, listed = set(), set()
    for _, case in _in_loops(bundle, naive, area):
        listed |= {bug.bug for bug in case.bugs}
        if case.raises is not None:
            told_apart |= {bug.bug for bug in case.bugs}  # the loops raise, the bug answers
            continue
        seen = _answers(case, naive)
        for bug in case.bugs:
            alike = [Fingerprint.of(seen[n]).matches(f) for n, f in bug.outputs.items()]
            if not all(alike):
                told_apart.add(bug.bug)
    assert told_apart == listed


def _in_loops(bundle: Bundle, naive, area: str) -> Iterator[tuple[Problem, Case]]:
    """The cases of an area's problems that tests/reference/naive has loops for."""
    for plan in AREAS[area]:
        problem = bundle.problems[plan.name]
        for case in problem.cases:
            if {step.function for step in case.steps} <= naive.keys():
                yield problem, case


def _answers(case: Case, naive) -> dict[str, Any]:
    bound = run(case.steps, naive)
    return bound | {name: o.value for name, o in case.observations(bound).items()}


def test_loops_have_little_to_do(bundle):
    """Seven nested loops over a convolution take at most 10,000 steps: a few milliseconds."""
    for name in ("conv_forward", "conv_backward"):
        for case in bundle.problems[name].cases:
            if case.raises is None:
                _, w, _, _ = case.steps[0].args
                out = run(case.steps, SOLUTION)["out"]
                assert out.size * w[0].size <= 10_000


@pytest.mark.parametrize("area", AREAS)
def test_the_reference_does_not_change_its_inputs(bundle, area):
    """Inputs are the same after the reference ran on them."""
    for case in (case for plan in AREAS[area] for case in bundle.problems[plan.name].cases):
        before = [array.copy() for step in case.steps for array in _arrays(step.args)]
        if case.raises is None:
            run(case.steps, SOLUTION)
        after = [array for step in case.steps for array in _arrays(step.args)]
        for old, new in zip(before, after, strict=True):
            np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("area", AREAS)
def test_another_seed_gives_other_numbers_in_the_same_shapes(area):
    """Seeds change every random input, and neither its shape nor its type."""
    for plan, case in ((p, case) for p in AREAS[area] for case in p.cases):
        drawn = [_inputs(plan.name, case, seed) for seed in (b"one", b"two", b"one")]
        for one, two, again in zip(*drawn, strict=True):
            assert one.shape == two.shape
            assert one.dtype == two.dtype
            np.testing.assert_array_equal(one, again)
            if one.size > 4 and one.dtype == np.float64:
                assert (one != two).mean() > 0.5


def _inputs(problem, case, seed):
    return [a for step in case.steps(stream(seed, problem, case.id)) for a in _arrays(step.args)]


def test_inputs_are_exact_in_single_precision(bundle):
    """Whoever computes in float32 starts from the same numbers."""
    for problem in bundle.problems.values():
        for case in problem.cases:
            for array in (a for step in case.steps for a in _arrays(step.args)):
                if array.dtype == np.float64:
                    np.testing.assert_array_equal(array, array.astype(np.float32))


def _gradient_problems(bundle: Bundle) -> list[Problem]:
    return [problem for problem in bundle.problems.values() if problem.derivative is not None]


def test_backward_problems_say_what_their_gradients_belong_to(bundle):
    """Every gradient has the shape of the argument at its path, the upstream that of the value."""
    problems = _gradient_problems(bundle)
    backward = {name for name in CATALOGUE if name.endswith(("backward", "loss"))}
    drawn = {name for name in backward if any(case.observed for case in CATALOGUE[name].cases)}
    assert backward - drawn <= {p.name for p in problems}
    for problem in problems:
        derivative = problem.derivative
        for case in problem.cases:
            assert set(derivative.outputs) <= set(case.expected)
            for name, path in derivative.outputs.items():
                assert _at(case, path).shape == case.expected[name].shape
            value = np.asarray(run(case.steps, SOLUTION)[derivative.value])
            upstream = () if derivative.upstream is None else _at(case, derivative.upstream).shape
            assert value.shape == upstream


def test_gradients_are_those_of_central_differences(bundle):
    """Along a random direction, each golden gradient predicts how its value changes."""
    rng = np.random.default_rng(0)
    for problem in _gradient_problems(bundle):
        derivative = problem.derivative
        for case in problem.cases:
            if "stable" in case.tags:  # central differences of a number near 1000 say little
                continue
            for name, path in derivative.outputs.items():
                argument = _at(case, path)
                direction = rng.standard_normal(argument.shape)
                ahead, behind = (
                    _value_at(case, derivative, path, argument + h * direction)
                    for h in (1e-6, -1e-6)
                )
                slope = (ahead - behind) / 2e-6
                want = float((case.expected[name] * direction).sum())
                assert slope == pytest.approx(want, rel=1e-5, abs=1e-6), (problem.name, case.id)


def _at(case: Case, path) -> Any:
    tree: Any = case.steps[path[0]].args
    for key in path[1:]:
        tree = tree[key]
    return tree


def _value_at(case: Case, derivative, path, argument) -> float:
    holder = _at(case, path[:-1])
    kept, holder[path[-1]] = holder[path[-1]], argument
    try:
        value = run(case.steps, SOLUTION)[derivative.value]
    finally:
        holder[path[-1]] = kept
    if derivative.upstream is None:
        return float(value)
    return float((value * _at(case, derivative.upstream)).sum())


@pytest.mark.parametrize("seed", SEEDS)
def test_hidden_units_keep_away_from_the_kink(seed):
    """No step of central differences (1e-5) can switch a hidden unit on or off."""
    plan = CATALOGUE["two_layer_loss"]
    for case in plan.cases:
        params, X, *_ = _first_args(plan.name, case, seed)
        z1 = X @ params["W1"] + params["b1"]
        assert np.abs(z1).min() > 1e-5 * max(1, np.abs(X).max()) * 10


@pytest.mark.parametrize("seed", SEEDS)
def test_predictions_are_clear(seed):
    """The largest score leads by a margin no rounding can close."""
    plan = CATALOGUE["two_layer_predict"]
    for case in plan.cases:
        params, X = _first_args(plan.name, case, seed)
        second, first = np.sort(SOLUTION["forward"](params, X), axis=1)[:, -2:].T
        assert (first - second).min() > 0.1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["max_pool_forward", "max_pool_backward"])
def test_maxima_are_never_ties(name, seed):
    """All pixels of a pooling input differ by more than central differences move them."""
    for case in CATALOGUE[name].cases:
        x, *_ = _first_args(name, case, seed)
        assert np.diff(np.sort(x.ravel())).min() > 1e-3


@pytest.mark.parametrize("seed", SEEDS)
def test_stable_cases_are_what_they_are_called(seed):
    """Scores near ±1000; finite loss; gradients that are not just zeros and ones."""
    plan = CATALOGUE["two_layer_loss"]
    for case in plan.cases:
        if "stable" not in case.tags:
            continue
        params, X, y, reg = _first_args(plan.name, case, seed)
        scores = np.abs(SOLUTION["forward"](params, X))
        assert ((scores > 950) & (scores < 1050)).all()
        loss, grads = SOLUTION["loss"](params, X, y, reg)
        assert np.isfinite(loss)
        probabilities = len(X) * np.abs(grads["b2"])
        assert (np.abs(probabilities - probabilities.round()) > 1e-3).any()


def _first_args(problem, case, seed):
    return case.steps(stream(seed, problem, case.id))[0].args


@pytest.mark.parametrize("case", [c for c in TWO_LAYER_LOSS.cases if "extreme" not in c.tags])
@pytest.mark.parametrize("epsilon", ["1e_7", "1e_8"])
def test_a_usual_epsilon_in_the_logarithm_never_shows(case, epsilon):
    """log(p + epsilon) is taught against log(0); whether it costs must not depend on the seed."""
    habit = BUGS[f"two_layer/log_of_p_plus_{epsilon}"].functions()["loss"]
    allowed = TWO_LAYER_LOSS.looser["loss"]
    for seed in range(60):
        (step,) = case.steps(stream(str(seed).encode(), "two_layer_loss", case.id))
        (got, _), (want, _) = habit(*step.args), SOLUTION["loss"](*step.args)
        assert not differs(np.asarray(got), np.asarray(want), allowed), (case.id, seed)
