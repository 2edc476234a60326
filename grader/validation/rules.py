"""What can be wrong in an assignment although its model accepts it.

The model (grader/assignment.py) knows keys, types and sums. Whether a problem exists, whether a
tag chooses a case and whether all points can be earned is known only with the solution at hand.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.assignment import (
    TRAINED,
    AccuracyCheck,
    Assignment,
    Check,
    OwnGradientsCheck,
    ValuesCheck,
)
from grader.assignment_file import Location, position
from grader.bundle import Bundle
from grader.proof import Claim, Fault


@dataclass(frozen=True)
class Source:
    """The assignment's text, to point into."""

    text: str
    name: str

    def fault(self, location: Location, what: str, help_: str | None = None) -> Fault:
        """A fault of what stands there."""
        where = f"{self.name}:{position(self.text, location)}"
        return Fault(Claim.RULES, what, where, help_)


def unknown_problems(
    rules: Assignment, source: Source, catalogue: Iterable[str]
) -> Iterator[Fault]:
    """Problems that the catalogue does not have; without them no golden cases can be made."""
    known = list(catalogue)
    for location, check in _located(rules):
        if isinstance(check, ValuesCheck | OwnGradientsCheck) and check.problem not in known:
            yield source.fault(
                (*location, "problem"),
                f"the catalogue has no problem {check.problem!r}",
                _did_you_mean(check.problem, known),
            )


def faults_of_rules(rules: Assignment, source: Source, bundle: Bundle) -> Iterator[Fault]:
    """All that keeps a check from doing what it should; ``bundle`` has all of its problems."""
    for location, check in _located(rules):
        if isinstance(check, ValuesCheck | OwnGradientsCheck):
            yield from _choice(location, check, source, bundle)
        if isinstance(check, AccuracyCheck):
            yield from _ladder(location, check, source)
    if "numpy" not in rules.imports.allow:
        yield source.fault(
            ("imports", "allow"), "students may not import numpy", "add numpy to imports.allow"
        )


def homeless_functions(rules: Assignment, bundle: Bundle) -> list[str]:
    """Functions that checks call and no file is named for; they are found wherever they are."""
    called = {
        step.name.partition(".")[0]
        for name in rules.problems()
        for case in bundle.problems[name].cases
        for step in case.steps
    }
    if any(check.kind in TRAINED for check in rules.checks()):
        called.add("train")
    return sorted(name for name in called if rules.expected_file(name) is None)


def _located(rules: Assignment) -> Iterator[tuple[Location, Check]]:
    for i, part in enumerate(rules.parts):
        for j, check in enumerate(part.checks):
            yield ("parts", i, "checks", j), check


def _choice(
    location: Location, check: ValuesCheck | OwnGradientsCheck, source: Source, bundle: Bundle
) -> Iterator[Fault]:
    problem = bundle.problems[check.problem]
    tags = sorted({tag for case in problem.cases for tag in case.tags})
    for tag in check.cases or []:
        if tag not in tags:
            yield source.fault(
                (*location, "cases"),
                f"{check.id}: no case of {problem.name} has the tag {tag!r}",
                _did_you_mean(tag, tags),
            )
    if check.cases is not None and not check.cases:
        yield source.fault(
            (*location, "cases"),
            f"{check.id}: an empty list chooses no case",
            "leave the key out for all cases",
        )
    if isinstance(check, OwnGradientsCheck):
        if problem.derivative is None:
            yield source.fault(
                (*location, "problem"), f"{check.id}: {problem.name} has no gradients to compare"
            )
        return
    builds = problem.derivative is not None or any(case.compositions for case in problem.cases)
    if check.follow_through and not builds:
        yield source.fault(
            (*location, "follow_through"),
            f"{check.id}: {problem.function} builds on no other function of the student's",
            "leave follow_through out",
        )
    chosen = problem.select(check.cases)
    outputs = sorted({name for case in chosen for name in case.expected})
    for name in check.outputs or []:
        if chosen and name not in outputs:
            yield source.fault(
                (*location, "outputs"),
                f"{check.id}: the chosen cases of {problem.name} have no output {name!r}",
                _did_you_mean(name, outputs),
            )


def _ladder(location: Location, check: AccuracyCheck, source: Source) -> Iterator[Fault]:
    most = max(fraction for _, fraction in check.ladder)
    if most < 1:
        yield source.fault(
            (*location, "ladder"),
            f"{check.id}: the ladder ends at {most:g} of the points; nobody can earn the rest",
            "let its last fraction be 1.0",
        )
    fractions = [fraction for _, fraction in check.ladder]
    if fractions != sorted(fractions):
        yield source.fault(
            (*location, "ladder"), f"{check.id}: a higher accuracy earns less than a lower one"
        )


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there is: {', '.join(known) or 'none'}"
