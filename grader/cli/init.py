"""`grade init`: what a student starts from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.cli import options
from grader.cli.documented import Documented
from grader.cli.files import write_bytes
from grader.errors import UnusableInput
from grader.render.wording import listed
from grader.shipped import shipped


@click.command(
    "init",
    cls=Documented,
    examples=[
        ("grade init hw3", "in a new folder"),
        ("grade init .", "in this folder"),
    ],
)
@click.argument("folder", metavar="DIR", type=options.FOLDER)
def command(folder: Path) -> int:
    """Put the homework's template into a folder.

    DIR is made if it does not exist. Nothing that is there already is overwritten.
    """
    template = shipped("student_template")
    files = template_files(template)
    present = [str(file) for file in files if (folder / file).exists()]
    if present:
        raise UnusableInput(
            f"{folder} already holds {listed(present)}; nothing was changed",
            hint="give another folder, or move these files away",
        )
    try:
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            write_bytes(folder / file, (template / file).read_bytes())
    except OSError as error:
        raise UnusableInput(f"cannot make {folder}: {error.strerror}") from error
    click.echo(f"{folder} now holds {', '.join(map(str, files))}\n")
    click.echo("What to do next:")
    if folder.resolve() != Path.cwd():
        click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo("  grade check       # says what to write first; repeat it after every step")
    return 0


def template_files(template: Path) -> list[Path]:
    """The template's files, relative to it, without what Python and editors leave behind."""
    return sorted(
        path.relative_to(template)
        for path in template.rglob("*")
        if path.is_file()
        and not any(
            part.startswith(".") or part == "__pycache__"
            for part in path.relative_to(template).parts
        )
    )
