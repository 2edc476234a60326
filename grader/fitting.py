"""Fits a bundle to an assignment: its conventions, and what its students call the functions.

Bundles are made from the catalogue alone. Which of several ways to understand a problem is meant,
and that ``conv_forward`` is ``conv_forward_naive`` here, is the assignment's to say; from here on
nothing knows the catalogue's names any more. To fit a bundle twice changes nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from grader.assignment import Assignment
from grader.assignment_file import Location, assignment_text, position
from grader.bundle import Bundle, Case, Problem, Setting, Step
from grader.errors import BadAssignment

ANY: Final = "any"
"""The value of a convention that is left to the student."""
CONVENTION: Final = "convention/"
"""What the name of the mistake begins with that is another convention than the assignment's."""


def fitted(bundle: Bundle, rules: Assignment, source: str | Path | None = None) -> Bundle:
    """The bundle as this assignment means it.

    Args:
        bundle: from the catalogue, with all of the assignment's problems.
        rules: the assignment.
        source: where it was read, to point into.

    Raises:
        BadAssignment: a convention, its value or a function is not known; each with its line.
    """
    faults = [
        f"{_place(location, source)}{what}; {advice}"
        for location, what, advice in _faults(bundle, rules)
    ]
    if faults:
        raise BadAssignment("\n".join(faults))
    problems = {
        name: _renamed(_chosen(problem, rules.conventions), rules.names)
        for name, problem in bundle.problems.items()
    }
    return replace(bundle, problems=problems)


def student_name(function: str, names: Mapping[str, str]) -> str:
    """What students call a function of the catalogue: "conv_forward", "Net.loss", "Net.w:set".

    A class that has another name takes its methods with it.
    """
    name, colon, doing = function.partition(":")
    owner, dot, member = name.partition(".")
    return names.get(name, names.get(owner, owner) + dot + member) + colon + doing


def settings_of(problem: Problem) -> list[Setting]:
    """The ways in which a problem can be understood, the usual one first; [] for one alone."""
    found = [problem.setting, *(other.setting for other in problem.alternatives)]
    return [setting for setting in found if setting is not None]


def _chosen(problem: Problem, conventions: Mapping[str, str]) -> Problem:
    setting = problem.setting
    wanted = conventions.get(setting.convention, ANY) if setting else ANY
    if setting is None or wanted in {ANY, setting.value}:
        return problem
    ways = [replace(problem, alternatives=[]), *problem.alternatives]
    chosen = next(way for way in ways if way.setting and way.setting.value == wanted)
    others = [
        replace(way, name=f"{problem.name}:{way.setting.value}")
        for way in ways
        if way is not chosen and way.setting
    ]
    return replace(chosen, name=problem.name, alternatives=others)


def _renamed(problem: Problem, names: Mapping[str, str]) -> Problem:
    if not names:
        return problem
    return replace(
        problem,
        function=student_name(problem.function, names),
        cases=[_renamed_case(case, names) for case in problem.cases],
        alternatives=[_renamed(other, names) for other in problem.alternatives],
    )


def _renamed_case(case: Case, names: Mapping[str, str]) -> Case:
    compositions = [
        replace(composition, steps=_renamed_steps(composition.steps, names))
        for composition in case.compositions
    ]
    return replace(case, steps=_renamed_steps(case.steps, names), compositions=compositions)


def _renamed_steps(steps: Iterable[Step], names: Mapping[str, str]) -> list[Step]:
    return [replace(step, function=student_name(step.function, names)) for step in steps]


def _faults(bundle: Bundle, rules: Assignment) -> Iterator[tuple[Location, str, str]]:
    used = [bundle.problems[name] for name in rules.problems() if name in bundle.problems]
    known: dict[str, dict[str, None]] = {}
    for setting in (setting for problem in used for setting in settings_of(problem)):
        known.setdefault(setting.convention, {})[setting.value] = None
    for convention, value in rules.conventions.items():
        place = ("conventions", convention)
        if convention not in known:
            yield (
                place,
                f"no problem of this assignment has the convention {convention!r}",
                _did_you_mean(convention, known),
            )
        elif value != ANY and value not in known[convention]:
            yield (
                place,
                f"{convention} has no value {value!r}",
                _did_you_mean(value, [*known[convention], ANY]),
            )
    called = {
        name
        for problem in used
        for case in problem.cases
        for step in case.steps
        for name in (step.name, step.name.partition(".")[0])
    }
    for name, theirs in rules.names.items():
        if name not in called and theirs not in called:
            yield (
                ("names", name),
                f"no problem of this assignment calls a function {name!r}",
                _did_you_mean(name, sorted(called)),
            )


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there is: {', '.join(known) or 'none'}"


def _place(location: Location, source: str | Path | None) -> str:
    if source is None:
        return ""
    text, name = assignment_text(source)
    return f"{name}:{position(text, location)}: "
