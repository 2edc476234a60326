"""What `grade catalogue` prints: what an assignment can be composed of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from grader.catalogue import CatalogueProblem
from grader.render.page import Page
from grader.render.wording import count

_INDENT = 2


def render_list(problems: Sequence[CatalogueProblem], width: int, colour: bool) -> str:
    """All these problems, a line each, by area."""
    page = Page(width, colour)
    names = max((len(problem.name) for problem in problems), default=0)
    page.text(f"  {'problem':<{names}}  cases  bugs  what it is", style="faint")
    for area in dict.fromkeys(problem.area for problem in problems):
        page.blank()
        page.text(area, style="strong")
        for problem in problems:
            if problem.area == area:
                page.text(_line(problem, names), _INDENT, hang=names + 15)
    page.blank()
    page.text(summary(problems))
    page.text("One of them in full: grade catalogue NAME. To prove what you made: grade validate.")
    return str(page)


def _line(problem: CatalogueProblem, names: int) -> str:
    cases, bugs = len(problem.cases), len(problem.bugs)
    return f"{problem.name:<{names}}  {cases:>5}  {bugs:>4}  {problem.title}"


def summary(problems: Sequence[CatalogueProblem]) -> str:
    """How much there is."""
    areas = {problem.area for problem in problems}
    bugs = {bug.id for problem in problems for bug in problem.bugs}
    return (
        f"{count(len(problems), 'problem')} in {count(len(areas), 'area')}, "
        f"{count(len(bugs), 'mistake')} named."
    )


def render_problem(problem: CatalogueProblem, width: int, colour: bool) -> str:
    """All that one needs to know to give a problem points."""
    page = Page(width, colour)
    page.text(f"{problem.name}  {problem.title} ({problem.area})", style="strong")
    page.field("call:", f"{problem.function}{problem.signature}", _INDENT)
    page.field("outputs:", ", ".join(problem.outputs), _INDENT)
    if problem.gradients:
        page.field("own_gradients:", ", ".join(problem.gradients), _INDENT)
    if problem.settings:
        page.field("conventions:", problem.settings[0].convention, _INDENT)
        for number, setting in enumerate(problem.settings):
            chosen = "" if number else " (unless the assignment says otherwise)"
            page.text(f"{setting.value}: {setting.words}{chosen}", 2 * _INDENT, hang=2)
    page.blank()
    page.text(f"Cases: {len(problem.cases)}")
    tags = max((len(", ".join(case.tags)) for case in problem.cases), default=0)
    for case in problem.cases:
        ends = f" -> {case.raises}" if case.raises else ""
        page.row(f"  {', '.join(case.tags):<{tags}}", f"{case.category}{ends}", 6)
    page.blank()
    page.text(f"Mistakes that are named: {len(problem.bugs)}")
    for bug in problem.bugs:
        page.text(bug.message, _INDENT, hang=2)
    page.blank()
    page.text("In assignment.yaml:")
    page.text(f"- {{id: {problem.name}, title: {problem.title}, points: 5,", 2, hang=2)
    page.text(f"kind: values, problem: {problem.name}}}", 5)
    return str(page)


def catalogue_json(problems: Iterable[CatalogueProblem]) -> str:
    """The problems as JSON, a list."""
    return json.dumps([asdict(problem) for problem in problems], indent=1) + "\n"


def problem_json(problem: CatalogueProblem) -> str:
    """One problem as JSON."""
    return json.dumps(asdict(problem), indent=1) + "\n"
