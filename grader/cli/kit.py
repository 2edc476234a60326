"""`grade kit`: what a course hands to its students."""

from __future__ import annotations

from pathlib import Path

import click

from grader.assignment_file import load_assignment
from grader.cli import options
from grader.cli.console import status_line
from grader.cli.documented import Documented
from grader.kit import build_kit


@click.command(
    "kit",
    cls=Documented,
    examples=[
        ("grade kit", "writes hw3-kit/ and hw3-kit.zip"),
        ("grade kit mine.yaml -o handout", "of an assignment of your own"),
    ],
)
@click.argument("name", metavar="[NAME|FILE]", required=False)
@click.option("-o", "--out", metavar="DIR", type=options.FOLDER, help="A new folder.")
@options.assignment
@options.tracebacks
def command(name: str | None, out: Path | None, assignment: str, verbose: bool) -> int:
    """Make what a course hands to its students.

    A folder and a zip of it with the homework's template, a README, and the checker as a wheel to
    install: it holds the public cases and no line of the reference solution. The assignment may
    be given without the word --assignment.
    """
    del verbose  # read by grader.cli.endings
    assignment = name or assignment
    rules = load_assignment(assignment)
    with status_line() as tell:
        tell("building the wheel")
        kit = build_kit(out or Path(f"{rules.assignment}-kit"), assignment)
    size = kit.archive.stat().st_size / 1e6
    click.echo(f"{kit.folder}/  and, as one file,  {kit.archive}  ({size:.1f} MB)")
    click.echo(f"  {kit.wheel.name}  the checker with the public cases, without the reference")
    click.echo("  homework/, README.md")
    click.echo("Students: pip install ./goldgrad-*.whl, then grade check in homework/")
    if kit.given_away:
        click.echo(
            f"note: {', '.join(kit.given_away)}: everybody is asked the same; the kit has the right"
            " answers in it,\n  and grade check tells them"
        )
    return 0
