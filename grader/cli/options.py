"""Options that several commands share, so that each is called and explained alike."""

from __future__ import annotations

from pathlib import Path

import click

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

results = click.argument("results", metavar="RESULTS", type=FOLDER)


def default_assignment() -> str:
    """hw3; in a student kit, the kit's."""
    # Asked when a command runs, not before: reading assignments takes pydantic and YAML.
    from grader.assignment_file import built_in_assignments

    present = built_in_assignments()
    return "hw3" if "hw3" in present else present[0]


assignment = click.option(
    "--assignment",
    metavar="NAME|FILE",
    default=default_assignment,
    help="A built-in assignment, or an assignment.yaml. Default: hw3; in a student kit, the kit's.",
)
dataset = click.option(
    "--dataset",
    metavar="FILE",
    type=FILE,
    help="Train on this file. Default: $GOLDGRAD_DATASET, else what `grade dataset` fetched, "
    "else a bundled stand-in.",
)


def _told(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    # Most likely an unset variable of a shell: everybody's hidden inputs would be guessable.
    if text is not None and not text.strip():
        raise click.BadParameter("the text is empty, and anybody could draw the same inputs")
    return text


seed = click.option(
    "--seed",
    metavar="TEXT",
    callback=_told,
    help="Draw hidden inputs from this text instead of your secret seed.",
)
insecure = click.option(
    "--insecure",
    is_flag=True,
    help="Mark even where student code cannot be walled off (see docs/security.md).",
)
roster = click.option(
    "--roster",
    metavar="CSV",
    type=FILE,
    help="The students: a list of your own, or what Canvas, Moodle or Gradescope exports.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the Result as JSON.")
no_color = click.option(
    "--no-color", is_flag=True, help="Plain text (also: NO_COLOR=1 in the environment)."
)
verbose = click.option(
    "-v", "--verbose", is_flag=True, help="Every check, every finding, what was used; tracebacks."
)
tracebacks = click.option(
    "-v", "--verbose", is_flag=True, help="With a traceback when goldgrad itself fails."
)
