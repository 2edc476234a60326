"""`grade check`: the student's self-check on the public cases."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click

from grader.cli import options
from grader.cli.console import status_line, terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.cli.endings import complain
from grader.cli.interruption import Interruption, pass_interruption
from grader.cli.preparation import prepared
from grader.cli.watching import snapshot, wait_for_change
from grader.errors import UnusableInput
from grader.grading import grade
from grader.marking import Marking
from grader.render.audience import for_audience
from grader.render.machine import to_json
from grader.render.self_check import is_clean, render_self_check
from grader.result import Result
from grader.sandbox import ForkServer

_HOMEWORK = (".py", ".ipynb")


@click.command(
    "check",
    cls=Documented,
    examples=[
        ("grade check", ""),
        ("grade check --train --all", ""),
        ("grade check --watch", ""),
    ],
)
@click.argument("path", metavar="[DIR]", default=".", type=click.Path(exists=True, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Explain every mistake, not the first.")
@click.option("--train", is_flag=True, help="Train your network, too (takes a few seconds).")
@click.option("--watch", is_flag=True, help="Check again whenever you save; Ctrl-C ends it.")
@options.as_json
@options.assignment
@options.dataset
@options.no_color
@options.tracebacks
@pass_interruption
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    interruption: Interruption,
    path: Path,
    everything: bool,
    train: bool,
    watch: bool,
    as_json: bool,
    assignment: str,
    dataset: Path | None,
    no_color: bool,
    verbose: bool,
) -> int:
    """Check your homework against the public cases.

    DIR is your homework's folder (by default this one), or a zip or notebook. Ends with exit
    code 0 when all that was run is right, 1 when something fails or is not written yet.
    """
    del verbose  # read by grader.cli.endings
    _refuse_empty(path, assignment)

    def show(result: Result) -> None:
        if as_json:
            click.echo(to_json(result), nl=False)
            return
        colour = wants_colour(no_color)
        text = render_self_check(
            result, width=terminal_width(), colour=colour, everything=everything
        )
        click.echo(text, nl=False, color=colour)

    # Students run their own code: any wall will do.
    ready = prepared(assignment, visibility="public", dataset=dataset, insecure=True)
    with ready as (marking, server):
        if watch:
            _watch(path, marking, server, show, interruption.insist, train=train)
        result = _check(path, marking, server, train=train)
    show(result)
    return 0 if is_clean(result) else 1


def _refuse_empty(path: Path, assignment: str) -> None:
    """A first run in an empty folder says how to begin."""
    if not path.is_dir() or _has_homework(path):
        return
    named = "" if assignment == options.default_assignment() else f" --assignment {assignment}"
    then = "" if named else "   (then: cd homework, grade check)"
    raise UnusableInput(
        f"there is no Python file and no notebook in {path.resolve()}",
        hint=f"begin with: grade init homework{named}{then}",
    )


def _has_homework(path: Path) -> bool:
    for _, folders, files in os.walk(path):
        # What is left out of a submission, such as an environment, can be large.
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        if any(name.endswith(_HOMEWORK) for name in files):
            return True
    return False


def _check(path: Path, marking: Marking, server: ForkServer, *, train: bool) -> Result:
    with status_line() as tell:
        result = grade(path, marking, train=train, server=server, on_progress=tell)
    return for_audience(result, "student")


def _watch(
    path: Path,
    marking: Marking,
    server: ForkServer,
    show: Callable[[Result], None],
    look: Callable[[], None],
    *,
    train: bool,
) -> NoReturn:
    """Check after every save until interrupted. The warm server makes each check quick.

    ``look`` is called all the time; it raises when somebody wants an end.
    """
    while True:
        seen = snapshot(path)
        try:
            result = _check(path, marking, server, train=train)
        except UnusableInput as error:  # a file vanishes for a moment while an editor saves
            click.clear()
            complain(str(error), error.hint)
        else:
            click.clear()
            show(result)
        click.echo(f"{time.strftime('%H:%M:%S')}  waiting for changes (Ctrl-C ends)", err=True)
        wait_for_change(path, seen, look)
