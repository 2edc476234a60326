"""How far a batch is: a bar at a terminal, elsewhere a line for each submission."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from grader.batch.pool import Entry
from grader.render.wording import fraction
from grader.untrusted import shown


@contextmanager
def progress_shown(total: int, *, colour: bool) -> Iterator[Callable[[Entry], None]]:
    """Shows each finished entry on stderr; a bar is gone afterwards.

    Args:
        total: how many there will be.
        colour: whether the bar may have colours.
    """
    if sys.stderr.isatty():
        with _bar(total, colour) as tell:
            yield tell
        return
    done = 0

    def tell_line(entry: Entry) -> None:
        nonlocal done
        done += 1
        click.echo(f"{done}/{total}  {shown(entry.name)}  {_outcome(entry)}", err=True)

    yield tell_line


def restore_terminal() -> None:
    """Wipe the bar's line and show the cursor again, from wherever the bar was left."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K\x1b[?25h")
        sys.stderr.flush()


@contextmanager
def _bar(total: int, colour: bool) -> Iterator[Callable[[Entry], None]]:
    # Only a batch at a terminal needs rich, which takes a while to import.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True, no_color=not colour, highlight=False)
    columns = (
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("left   last: {task.fields[last]}", markup=False),
    )
    # Often enough to be watched; drawing it costs some milliseconds of the batch's own time.
    progress = Progress(
        *columns, console=console, transient=True, expand=True, refresh_per_second=4
    )
    with progress as bar:
        task = bar.add_task("", total=total, last="none yet")
        yield lambda entry: bar.update(
            task, advance=1, last=f"{shown(entry.name, 20)} {_outcome(entry)}"
        )


def _outcome(entry: Entry) -> str:
    if entry.result is None:
        return "not marked"
    return fraction(entry.result.earned, entry.result.points)
