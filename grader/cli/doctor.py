"""`grade doctor`: what this machine's wall proves, and whether all else is in place."""

from __future__ import annotations

import click

from grader.checkup import examine
from grader.cli import options
from grader.cli.console import status_line, terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.render.checkup import checkup_json, render_checkup
from grader.sandbox.policy import pinned


@click.command(
    "doctor",
    cls=Documented,
    examples=[
        ("grade doctor", ""),
        ("grade doctor --json", "for bug reports"),
    ],
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@options.assignment
@options.no_color
@options.tracebacks
def command(as_json: bool, assignment: str, no_color: bool, verbose: bool) -> int:
    """Say how well student code is walled off, and what to mend.

    Starts a real fork server, tries its wall from the inside, and looks at all else that marking
    needs. Ends with exit code 0 when `grade` would mark here (of a student kit: when `grade
    check` works), 1 when it would refuse or something is to be mended. The environment variable
    GOLDGRAD_WALL (full, kernel, basic) pins the wall for all commands.
    """
    del verbose  # read by grader.cli.endings
    with status_line() as tell:
        tell("trying the wall")
        found = examine(assignment, tier=pinned())
    if as_json:
        click.echo(checkup_json(found), nl=False)
    else:
        colour = wants_colour(no_color)
        text = render_checkup(found, width=terminal_width(), colour=colour)
        click.echo(text, nl=False, color=colour)
    return 0 if found.accepted and not found.troubles else 1
