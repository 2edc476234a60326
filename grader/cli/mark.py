"""`grade PATH`: mark one submission."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import options
from grader.cli.console import status_line, terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.cli.files import write_text
from grader.cli.preparation import prepared
from grader.grading import grade
from grader.marking import Visibility
from grader.oracle import find_oracle
from grader.render.audience import Audience, for_audience
from grader.render.machine import to_json
from grader.render.markdown import render_markdown
from grader.render.terminal import render_terminal


@click.command(
    "mark",
    cls=Documented,
    examples=[
        ("grade s1042.zip", ""),
        ("grade s1042.zip --markdown s1042.md", "feedback to hand out"),
        ("grade homework/ --json --for student", ""),
        ("grade ./batch", "a folder called like a command"),
    ],
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@options.as_json
@click.option(
    "--markdown", metavar="FILE", type=options.FILE, help="Also write feedback in Markdown."
)
@click.option(
    "--for",
    "audience",
    type=click.Choice(["staff", "student"]),
    help="Who will read it: students see no numbers of hidden cases and no flags. "
    "Default: staff; for --markdown: student.",
)
@click.option("--public", is_flag=True, help="Use the public cases, not the hidden ones.")
@click.option("--no-train", is_flag=True, help="Leave out the training checks.")
@options.assignment
@options.dataset
@options.seed
@options.insecure
@options.no_color
@options.verbose
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    path: Path,
    as_json: bool,
    markdown: Path | None,
    audience: Audience | None,
    public: bool,
    no_train: bool,
    assignment: str,
    dataset: Path | None,
    seed: str | None,
    insecure: bool,
    no_color: bool,
    verbose: bool,
) -> int:
    """Mark one submission (the word may be left out: grade PATH).

    PATH is a zip, a folder or a notebook. Prints the score and explains each lost point.
    Ends with exit code 0 whatever the score; 2 when PATH is no submission, or when student
    code cannot be walled off here and --insecure is not given.
    """
    visibility: Visibility = "public" if public or not find_oracle() else "hidden"
    with status_line() as tell:
        tell("preparing")
        ready = prepared(
            assignment, visibility=visibility, dataset=dataset, seed=seed, insecure=insecure
        )
        with ready as (marking, server):
            result = grade(path, marking, train=not no_train, server=server, on_progress=tell)
    if markdown is not None:
        write_text(markdown, render_markdown(for_audience(result, audience or "student")))
    seen = for_audience(result, audience or "staff")
    if as_json:
        click.echo(to_json(seen), nl=False)
    else:
        text = render_terminal(
            seen, width=terminal_width(), colour=wants_colour(no_color), verbose=verbose
        )
        click.echo(text, nl=False, color=wants_colour(no_color))
    return 0
