"""The formulas that bugs are made from are the reference, written a second time."""

from __future__ import annotations

import re

import numpy as np
import pytest

from reference.bugs.pooling.avg_pool import AVG_POOL_BUGS
from reference.bugs.registry import FAMILIES
from reference.bugs.sheet import Family, Sheet, Signature
from reference.golden import run
from reference.problems.catalogue import AREAS
from reference.problems.plan import stream
from reference.problems.solution import SOLUTION


def test_the_families_cover_the_solution():
    """Every function of the solution can be given a bug."""
    names = [name for family in FAMILIES for name in family.signatures]
    assert len(names) == len(set(names))
    assert {re.split("[.:]", name)[0] for name in names} == {*SOLUTION}


@pytest.mark.parametrize("area", AREAS)
def test_unchanged_formulas_are_the_reference(area):
    """With no formula replaced, every case is answered as by reference/."""
    for plan, case in ((p, case) for p in AREAS[area] for case in p.cases):
        family = next(f for f in FAMILIES if plan.function in f.signatures)
        steps = case.steps(stream(b"formulas", plan.name, case.id))
        if case.raises:
            with pytest.raises(ValueError, match="fit"):
                run(steps, family.functions())
            continue
        got, want = run(steps, {**SOLUTION, **family.functions()}), run(steps, SOLUTION)
        for name in want.keys() & plan.outputs:
            assert np.shape(got[name]) == np.shape(want[name])
            np.testing.assert_allclose(got[name], want[name], rtol=1e-10, atol=1e-10)


def test_a_quantity_is_computed_once_and_only_when_needed():
    """Formulas run lazily, and their values are kept."""
    asked = []
    formulas = {
        "twice": lambda q: 2 * q.once,
        "once": lambda q: asked.append("once") or q.x + 1,
        "never": lambda _: asked.append("never"),
    }
    sheet = Sheet(formulas, {"x": 3})
    assert sheet.twice + sheet.twice + sheet.once == 20
    assert asked == ["once"]


def test_an_unknown_quantity_is_named():
    """A formula that reads what is not there says so."""
    with pytest.raises(AttributeError, match="'missing'"):
        _ = Sheet({"y": lambda q: q.missing}, {}).y


def test_a_change_reaches_only_the_functions_it_is_meant_for():
    """Functions of the same family keep the right formula unless they are named."""
    family = Family(
        "toy",
        {"y": lambda q: q.x + 1},
        {name: Signature(lambda x: {"x": x}, lambda q: q.y) for name in ("f", "g")},
    )
    functions = family.functions({"y": lambda q: q.x - 1}, ("f",))
    assert (functions["f"](5), functions["g"](5)) == (4, 6)
    assert all(bug.changed[0].startswith("avg_pool") for bug in AVG_POOL_BUGS)
