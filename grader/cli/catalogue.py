"""`grade catalogue`: what an assignment can be composed of."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence

import click

from grader.catalogue import CatalogueProblem
from grader.cli import options
from grader.cli.console import terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.errors import UnusableInput
from grader.oracle import find_oracle
from grader.render.catalogue import catalogue_json, problem_json, render_list, render_problem


@click.command(
    "catalogue",
    cls=Documented,
    examples=[
        ("grade catalogue", "all problems, by area"),
        ("grade catalogue pooling", "those of one area"),
        ("grade catalogue conv_forward", "one in full"),
    ],
)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
@options.no_color
@options.tracebacks
def command(name: str | None, as_json: bool, no_color: bool, verbose: bool) -> int:
    """List the problems that an assignment can be composed of.

    NAME is an area, or a problem (or its function), which is then shown in full: how it is
    called, its golden cases and the tags that choose among them, what is compared, how it can be
    meant, and which mistakes are named.
    """
    del verbose  # read by grader.cli.endings
    oracle = find_oracle()
    if oracle is None:
        raise UnusableInput(
            "the catalogue belongs to the reference solution, which is not installed here",
            hint="this is a student kit; install goldgrad whole",
        )
    problems = oracle.catalogue()
    width, colour = terminal_width(), wants_colour(no_color, sys.stdout)
    if name is None or (chosen := [p for p in problems if p.area == name]):
        listed = problems if name is None else chosen
        text = catalogue_json(listed) if as_json else render_list(listed, width, colour)
    else:
        problem = _named(name, problems)
        text = problem_json(problem) if as_json else render_problem(problem, width, colour)
    click.echo(text, nl=False, color=colour)
    return 0


def _named(name: str, problems: Sequence[CatalogueProblem]) -> CatalogueProblem:
    known = {problem.function: problem for problem in problems}
    known |= {problem.name: problem for problem in problems}
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, [*known, *{p.area for p in problems}], n=3)
    raise UnusableInput(
        f"the catalogue has no problem or area called {name!r}",
        hint=f"did you mean {', '.join(close)}?" if close else "`grade catalogue` lists all",
    )
