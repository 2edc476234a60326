"""`grade validate ASSIGNMENT`: prove an assignment before anybody is marked by it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from grader.cli import options
from grader.cli.console import status_line, terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.marking import Visibility
from grader.render.proof import proof_json, render_proof
from grader.sandbox.policy import pinned
from grader.validation.prove import Terms, prove

_EVERY = 50
"""A line for so many bugs where stderr is no terminal."""


@click.command(
    "validate",
    cls=Documented,
    examples=[
        ("grade validate assignment.yaml", ""),
        ("grade validate assignment.yaml --template handout/homework", ""),
        ("grade validate hw3 --json", "the built-in one"),
    ],
)
@click.argument("assignment", metavar="NAME|FILE")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option(
    "--template",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="What your students start from. Default: the template of `grade init`.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="Submissions at the same time. Default: one a core.",
)
@click.option("--public", is_flag=True, help="Use the public cases, not the hidden ones.")
@options.dataset
@options.seed
@options.no_color
@click.option("-v", "--verbose", is_flag=True, help="List every bug and what it costs; tracebacks.")
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    assignment: str,
    as_json: bool,
    template: Path | None,
    jobs: int | None,
    public: bool,
    dataset: Path | None,
    seed: str | None,
    no_color: bool,
    verbose: bool,
) -> int:
    """Prove an assignment before anybody is marked by it.

    Marks the reference solution (it must earn everything), the template (next to nothing), and
    the reference with each registered bug in it (each must cost points and be named), all as
    they would be marked if students handed them in. Takes a minute or two on two cores.
    Ends with exit code 0 when the assignment is proven, 1 when something is to be mended, 2 when
    it cannot be used at all: each mistake in the YAML is named by file, line, column and key.
    """
    visibility: Visibility = "public" if public else "hidden"
    with _progress() as tell:
        proof = prove(
            assignment, Terms(visibility, dataset, seed, template, jobs, tier=pinned()), tell
        )
    if as_json:
        click.echo(proof_json(proof), nl=False)
    else:
        colour = wants_colour(no_color)
        text = render_proof(proof, width=terminal_width(), colour=colour, verbose=verbose)
        click.echo(text, nl=False, color=colour)
    return 0 if proof.proven else 1


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Shows what is being done: on one line of a terminal, else now and then a line."""
    if sys.stderr.isatty():
        with status_line() as tell:
            yield tell
        return
    bugs = 0

    def tell_line(text: str) -> None:
        nonlocal bugs
        bugs += text.startswith("bug ")
        if not text.startswith("bug ") or bugs % _EVERY == 0:
            click.echo(text, err=True)

    yield tell_line
