"""The solution as it is right in a plan's setting, and with registered bugs in it."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.registry import FAMILIES
from reference.bugs.sheet import Family, Formulas
from reference.case_steps import Functions
from reference.problems.plan import ProblemPlan
from reference.problems.solution import SOLUTION


def right_functions(plan: ProblemPlan) -> Functions:
    """The solution, as it is right in the plan's setting."""
    if not plan.changes:
        return SOLUTION
    return {**SOLUTION, **_family(plan).functions(plan.changes)}


def with_bug(plan: ProblemPlan, bug: Bug, right: Functions) -> Functions:
    """The solution in the plan's setting, with a bug in it."""
    return with_bugs(plan, (bug,), right)


def with_bugs(plan: ProblemPlan, bugs: tuple[Bug, ...], right: Functions) -> Functions:
    """The solution in the plan's setting, with bugs of one family in it.

    Args:
        plan: says the setting.
        bugs: those that change the same formula: the last of them counts.
        right: the solution in that setting.
    """
    family = bugs[0].family
    setting = setting_of(plan, family)
    functions = dict(right)
    # All of the family's, as they share what the right ones keep in another form: a cache.
    for name in family.signatures:
        changes = dict(setting)
        for bug in bugs:
            changes.update(bug.changes if name in bug.changed else {})
        functions[name] = family.function(name, changes)
    return functions


def setting_of(plan: ProblemPlan, family: Family) -> Formulas:
    """The formulas of a family that are other ones in the plan's setting."""
    return plan.changes if plan.changes and family is _family(plan) else {}


def _family(plan: ProblemPlan) -> Family:
    return next(family for family in FAMILIES if plan.function in family.signatures)
