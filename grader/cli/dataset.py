"""`grade dataset`: fetch the published dataset once."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from grader.assignment_file import load_assignment
from grader.cli import options
from grader.cli.console import status_line
from grader.cli.documented import Documented
from grader.dataset.cache import cached, install
from grader.dataset.download import download
from grader.dataset.source import NO_DATASET
from grader.dataset.table import read_dataset
from grader.errors import UnusableInput


@click.command(
    "dataset",
    cls=Documented,
    examples=[
        ("grade dataset", ""),
        ("grade dataset --file ~/Downloads/dataset.txt", ""),
    ],
)
@click.option(
    "--file",
    metavar="FILE",
    type=options.FILE,
    help="Take a file you fetched yourself instead of downloading.",
)
@click.option("--force", is_flag=True, help="Download again even if it is in the cache.")
@options.assignment
@options.tracebacks
def command(file: Path | None, force: bool, assignment: str, verbose: bool) -> int:
    """Fetch the published dataset, checked, into the cache.

    Its SHA-256 must be the one in the assignment. Without it, marking uses a bundled stand-in of
    the same shape and difficulty, and says so.
    """
    del verbose  # read by grader.cli.endings
    rule = load_assignment(assignment).dataset
    if rule is None:
        raise UnusableInput(NO_DATASET)
    if file is not None:
        path = install(rule, file)
    elif not force and (present := cached(rule)) is not None:
        path = present
        click.echo("already in the cache (--force downloads it again)")
    else:
        with status_line() as tell:
            tell(f"fetching {rule.url}")
            path = download(rule, force=force)
    data = read_dataset(path, rule)
    click.echo(f"{path}  SHA-256 {data.sha256}")
    for name, labels in (("train", data.y_train), ("test", data.y_test)):
        counts = np.bincount(labels, minlength=rule.classes)
        click.echo(f"  {name:<5}  {len(labels)} lines, classes {' / '.join(map(str, counts))}")
    return 0
