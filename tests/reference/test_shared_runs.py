"""reference/shared_runs.py: what is taken over from another run is what would be computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.bundle import Bound, BugNote, Step
from reference.bugs.bug import Bug
from reference.bugs.registry import ALL_BUGS
from reference.bugs.sheet import Family, Formula, Sheet, Signature
from reference.problems.catalogue import CATALOGUE
from reference.problems.plan import ProblemPlan, stream
from reference.shared_runs import Run, SharedRuns
from reference.two_bugs import pairs
from reference.variants import right_functions, with_bugs

_MOST = 6
"""Pairs that are tried of one problem: evenly spread over all."""


def same(one: Any, other: Any) -> bool:
    """Whether two results are the same to the last bit; objects only have to be of one kind."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray | np.generic | float | int):
        return np.shape(one) == np.shape(other) and np.array_equal(
            one, other, equal_nan=np.asarray(one).dtype.kind == "f"
        )
    return type(one) is type(other)


def check(plan: ProblemPlan, steps: list[Step], bugs: tuple[Bug, ...], *runs: Run) -> None:
    """The runs are that of the family's functions with these bugs."""
    with np.errstate(all="ignore"):
        want = Run.of(steps, with_bugs(plan, bugs, right_functions(plan)))
    words = " + ".join(bug.id for bug in bugs)
    for made in runs:
        assert type(made.error) is type(want.error), words
        assert same(made.bound, want.bound), words


@pytest.mark.slow
def test_runs_that_share_give_what_runs_of_their_own_give():
    """With each bug of the catalogue, and with pairs of them, in all cases and settings."""
    usual: dict[str, SharedRuns] = {}
    for plan in (way for each in CATALOGUE.values() for way in (each, *each.alternatives)):
        if plan.function.startswith("drawn_"):
            continue  # no two runs give the same
        if plan is CATALOGUE[plan.name]:
            usual.clear()
        bugs = [bug for bug in ALL_BUGS if plan.function in bug.changed]
        together = list(pairs(bugs))
        together = together[:: max(1, len(together) // _MOST)]
        for case in plan.cases:
            steps = case.steps(stream(b"shared", plan.name, case.id))
            with np.errstate(all="ignore"):
                like = usual.get(case.id)
                shared = SharedRuns(steps, plan, right_functions(plan), pairs=True, like=like)
                usual.setdefault(case.id, shared)
                hasty = SharedRuns(steps, plan, right_functions(plan), pairs=False)
                alone = {bug.id: (shared.one(bug), hasty.one(bug)) for bug in bugs}
                both = [shared.two(*two) for two in together]
            for bug in bugs:
                check(plan, steps, (bug,), *alone[bug.id])
            for made, two in zip(both, together, strict=True):
                check(plan, steps, two, made)


# -------------------------------------------------------------------------------------- one family
COMPUTED: list[str] = []


def _forward(q: Sheet) -> Any:
    q.state["mean"] = q.mean
    return q.out, {"x": q.x, "scale": q.scale}


TOY = Family(
    "toy",
    {
        "mean": lambda q: COMPUTED.append("mean") or q.x.mean(),
        "centred": lambda q: q.x - q.mean,
        "factor": lambda q: q.state["factor"] + q.state.get("mean", 0),
        "rule": lambda q: lambda value: value * q.factor,  # reads more when it is called
        "scaled": lambda q: q.rule(q.centred),
        "beside": lambda q: q.rule(q.x),
        "scale": lambda _: np.float64(2),
        "out": lambda q: (q.scaled + q.beside) * q.scale,
        "dx": lambda q: COMPUTED.append("dx") or q.dout * q.scale + q.x,
    },
    {
        "forward": Signature(lambda x, state: {"x": x, "state": state}, _forward),
        "backward": Signature(lambda dout, cache: {"dout": dout, **cache}, lambda q: q.dx),
    },
)
PLAN = ProblemPlan("toy", "a toy", "forward", ("out", "dx"), ())
_STATE: dict[str, Any] = {"factor": 3.0}
STEPS = [
    Step("forward:value", [_STATE], "state"),
    Step("forward", [np.array([1.0, 2.0, 6.0]), Bound("state")], ["first", "#_"]),
    Step("forward", [np.array([1.0, 2.0, 6.0]), Bound("state")], ["out", "#cache"]),
    Step("backward", [np.array([1.0, 0.0, 2.0]), Bound("cache")], "dx"),
]


def toy_bug(name: str, *changed: str, **changes: Formula) -> Bug:
    return Bug(BugNote(f"toy/{name}", name, name), TOY, changes, changed or ("forward",))


BUGS = (
    toy_bug("no_mean", mean=lambda _: 0.0),
    toy_bug("double_centred", centred=lambda q: 2 * (q.x - q.mean)),
    toy_bug("factor_forgotten", factor=lambda _: 1.0),
    toy_bug("rule_adds", rule=lambda q: lambda value: value + q.factor),
    toy_bug("scale_3", "forward", "backward", scale=lambda _: np.float64(3)),
    toy_bug("minus_dx", "backward", dx=lambda q: -q.dout * q.scale),
    toy_bug("raises", out=lambda q: [][int(q.scale)]),
    toy_bug("each_other", scaled=lambda q: q.beside),
    toy_bug("the_other_way", beside=lambda q: q.scaled),
)


@pytest.mark.parametrize("in_turn", [BUGS, BUGS[::-1]], ids=["forwards", "backwards"])
def test_state_closures_and_exceptions_are_no_obstacle(in_turn):
    """A dict that is changed between the calls, a function that reads on when it is called."""
    runs = SharedRuns(STEPS, PLAN, TOY.functions(), pairs=True)
    for one in in_turn:
        check(PLAN, STEPS, (one,), runs.one(one))
    for one, other in pairs(in_turn):
        check(PLAN, STEPS, (one, other), runs.two(one, other))


def test_what_two_bugs_do_not_change_is_not_computed_again():
    """Neither with one bug nor with both; what makes no difference is not run at all."""
    factor, double, minus = BUGS[2], BUGS[1], BUGS[5]
    steps = [Step("forward", [np.ones(3), _STATE], ["out", "#_"])]
    runs = SharedRuns(steps, PLAN, TOY.functions(), pairs=True)
    COMPUTED.clear()
    runs.two(factor, double)
    assert COMPUTED == ["mean"]
    assert runs.two(double, minus) is runs.one(double)
    assert runs.one(minus) is runs.one(toy_bug("no_dx", "backward", dx=lambda _: None))
