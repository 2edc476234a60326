"""`grade init`: what a student starts from."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from grader.assignment_file import built_in_assignments, load_assignment
from grader.cli import options
from grader.cli.documented import Documented
from grader.errors import UnusableInput
from grader.oracle import find_oracle
from grader.render.wording import listed
from grader.template import starting_files, write_files


@click.command(
    "init",
    cls=Documented,
    examples=[
        ("grade init hw3", "in a new folder"),
        ("grade init .", "in this folder"),
        ("grade init hw --assignment mine.yaml", "composed for an assignment of your own"),
    ],
)
@click.argument("folder", metavar="DIR", type=options.FOLDER)
@options.assignment
@options.tracebacks
def command(folder: Path, assignment: str, verbose: bool) -> int:
    """Put the homework's template into a folder.

    DIR is made if it does not exist. Nothing that is there already is overwritten. The template of
    an assignment of your own is composed of the functions that its files: lists.
    """
    del verbose  # read by grader.cli.endings
    usual = assignment == options.default_assignment()
    called = None if usual else _from(assignment, folder)
    files = starting_files(load_assignment(assignment), find_oracle(), called)
    present = [file for file in files if (folder / file).exists()]
    if present:
        raise UnusableInput(
            f"{folder} already holds {listed(present)}; nothing was changed",
            hint="give another folder, or move these files away",
        )
    try:
        write_files(folder, files)
    except OSError as error:
        raise UnusableInput(f"cannot make {folder}: {error.strerror}") from error
    click.echo(f"{folder} now holds {', '.join(files)}\n")
    click.echo("What to do next:")
    if folder.resolve() != Path.cwd():
        click.echo(f"  cd {shlex.quote(str(folder))}")
    named = "" if called is None else f" --assignment {shlex.quote(called)}"
    what = "says what to write first; repeat it after every step"
    # A long line is for copying: nothing stands behind it.
    click.echo(f"  # {what}:\n  grade check{named}" if named else f"  grade check       # {what}")
    return 0


def _from(assignment: str, folder: Path) -> str:
    """The assignment as it is called in the folder that one is told to change into."""
    if assignment in built_in_assignments() or folder.resolve() == Path.cwd():
        return assignment
    return os.path.relpath(assignment, folder)
