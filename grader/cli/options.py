"""Options that several commands share, so that each is called and explained alike."""

from __future__ import annotations

from pathlib import Path

import click

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

assignment = click.option(
    "--assignment",
    metavar="NAME|FILE",
    default="hw3",
    show_default=True,
    help="A built-in assignment, or an assignment.yaml.",
)
dataset = click.option(
    "--dataset",
    metavar="FILE",
    type=FILE,
    help="Train on this file. Default: $GOLDGRAD_DATASET, else what `grade dataset` fetched, "
    "else a bundled stand-in.",
)
seed = click.option(
    "--seed",
    metavar="TEXT",
    help="Draw hidden inputs from this text instead of your secret seed.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the Result as JSON.")
no_color = click.option(
    "--no-color", is_flag=True, help="Plain text (also: NO_COLOR=1 in the environment)."
)
verbose = click.option(
    "-v", "--verbose", is_flag=True, help="Every check, every finding, what was used; tracebacks."
)
