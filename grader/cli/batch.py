"""`grade batch DIR`: mark all submissions of a folder."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from grader.batch.folder import ResultsFolder
from grader.batch.pool import Pool
from grader.batch.submissions import Submission, find_submissions
from grader.cli import options
from grader.cli.console import terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.cli.endings import FAILED, INTERRUPTED, complain
from grader.cli.preparation import prepared
from grader.marking import Visibility
from grader.oracle import find_oracle
from grader.render.gradebook import Entry
from grader.render.machine import to_json_line
from grader.render.overview import render_overview
from grader.render.wording import count, fraction, listed, wall_label
from grader.untrusted import shown


@click.command(
    "batch",
    cls=Documented,
    examples=[
        ("grade batch submissions/", ""),
        ("grade batch submissions/ --out results/ -j 4", ""),
        ("grade ./batch", "one submission, called batch"),
    ],
)
@click.argument("folder", metavar="DIR", type=options.FOLDER)
@click.option(
    "--out",
    metavar="DIR",
    type=options.FOLDER,
    default=Path("results"),
    show_default=True,
    help="Where gradebook.csv, feedback/ and results.jsonl go.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="Submissions at the same time. Default: one a core.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each Result as a line of JSON, too.")
@click.option("--public", is_flag=True, help="Use the public cases, not the hidden ones.")
@click.option("--no-train", is_flag=True, help="Leave out the training checks.")
@options.assignment
@options.dataset
@options.seed
@options.insecure
@options.no_color
@options.tracebacks
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    folder: Path,
    out: Path,
    jobs: int | None,
    as_json: bool,
    public: bool,
    no_train: bool,
    assignment: str,
    dataset: Path | None,
    seed: str | None,
    insecure: bool,
    no_color: bool,
    verbose: bool,
) -> int:
    """Mark all submissions of a folder.

    Every zip, notebook and folder in DIR is a submission. Results are written as they come;
    Ctrl-C keeps what is finished, and what an earlier run left in the results folder. Ends with
    exit code 0 when every submission has a result, 3 when the grader failed on one; 2 when
    student code cannot be walled off here and --insecure is not given.
    """
    del verbose  # read by grader.cli.endings
    submissions, passed_over = find_submissions(folder, out)
    if passed_over:
        click.echo(f"passed over: {listed(passed_over)}", err=True)
    visibility: Visibility = "public" if public or not find_oracle() else "hidden"
    ready = prepared(
        assignment, visibility=visibility, dataset=dataset, seed=seed, insecure=insecure
    )
    with ready as (marking, server):
        tier = server.tier  # every process of the batch has a server of its own, behind this wall
    jobs = min(jobs or os.cpu_count() or 1, len(submissions))
    click.echo(
        f"{marking.assignment.assignment}  {count(len(submissions), 'submission')}, "
        f"{visibility} cases, {count(jobs, 'job')}, wall: {wall_label(tier)}",
        err=True,
    )
    started = time.monotonic()

    def printed(entry: Entry) -> None:
        if as_json and entry.result is not None:
            click.echo(to_json_line(entry.result), nl=False)

    with (
        ResultsFolder(out) as results,
        _progress(len(submissions), wants_colour(no_color, sys.stderr)) as tell,
    ):
        if results.set_aside:
            click.echo(
                f"earlier results are kept as {_names(results)} until all is marked", err=True
            )
        pool = Pool(marking, jobs, train=not no_train, tier=tier)
        entries = _mark_all(pool, submissions, [results.add, tell, printed])
        results.finish(entries, complete=len(entries) == len(submissions))
    text = render_overview(
        sorted(entries, key=lambda entry: entry.name),
        time.monotonic() - started,
        [str(results.gradebook), str(results.feedback / "*.md"), str(results.lines_file)],
        width=terminal_width(),
        colour=wants_colour(no_color, sys.stderr if as_json else sys.stdout),
    )
    click.echo(text, nl=False, err=as_json)
    if len(entries) < len(submissions):
        complain(
            f"interrupted; {len(entries)} of {len(submissions)} are marked and kept",
            f"the earlier results are in {_names(results)}" if results.set_aside else None,
        )
        return INTERRUPTED
    return FAILED if any(entry.failed for entry in entries) else 0


def _names(results: ResultsFolder) -> str:
    return listed([path.name for path in results.set_aside])


def _mark_all(
    pool: Pool, submissions: list[Submission], hearers: Sequence[Callable[[Entry], None]]
) -> list[Entry]:
    """The entries that got done; fewer than submissions when Ctrl-C or SIGTERM ended it early."""
    entries: list[Entry] = []
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with pool:
            for entry in pool.mark(submissions):
                entries.append(entry)
                for hear in hearers:
                    hear(entry)
    except KeyboardInterrupt:
        pass  # what is finished is kept
    finally:
        signal.signal(signal.SIGTERM, before)
    return entries


@contextmanager
def _progress(total: int, colour: bool) -> Iterator[Callable[[Entry], None]]:
    """Shows each finished entry: a bar on a terminal, else a line each."""
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
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task("", total=total, last="none yet")
        yield lambda entry: bar.update(
            task, advance=1, last=f"{shown(entry.name, 20)} {_outcome(entry)}"
        )


def _outcome(entry: Entry) -> str:
    if entry.result is None:
        return "not marked"
    return fraction(entry.result.earned, entry.result.points)
