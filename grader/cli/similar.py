"""`grade similar DIR`: submissions that are suspiciously alike, as a list to look at."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import click

from grader.assignment import Limits
from grader.assignment_file import load_assignment
from grader.batch.attempts import LAYOUTS, Found, find_attempts
from grader.batch.lock import AtWork, held
from grader.batch.schema import FILE
from grader.batch.store import Store
from grader.cli import options
from grader.cli.console import status_line, terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.errors import UnusableInput
from grader.oracle import find_oracle
from grader.render.exports import FORMATS, export
from grader.render.html import similar_page
from grader.render.similar import render_similar, similar_json, write_csv
from grader.render.similar_list import PAGE, TABLE
from grader.render.wording import count, listed
from grader.similarity.pairs import find_pairs
from grader.similarity.reading import Handed, Unread, read_work, read_works
from grader.similarity.work import Work
from grader.standing import Attempt
from grader.template import starting_files, write_files


@click.command(
    "similar",
    cls=Documented,
    examples=[
        ("grade similar submissions/", ""),
        ("grade similar submissions/ --template handout/", "what you handed out"),
        ("grade similar submissions/ --least 30 --json", "more pairs"),
    ],
)
@click.argument("folder", metavar="DIR", type=options.FOLDER)
@click.option(
    "--out",
    metavar="DIR",
    type=options.FOLDER,
    default=Path("similar"),
    show_default=True,
    help="Where similar.html (passages side by side) and similar.csv go.",
)
@click.option(
    "--template",
    "templates",
    metavar="PATH",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="What was handed out, and counts as nobody's: a folder, zip, notebook or Python file. May "
    "be given several times. Default: the template of `grade init`.",
)
@click.option(
    "--least",
    metavar="PERCENT",
    type=click.FloatRange(1, 100),
    default=40,
    show_default=True,
    help="List pairs of which one has at least this part of its own code in common.",
)
@options.roster
@click.option(
    "--layout",
    metavar="NAME",
    type=click.Choice(LAYOUTS),
    help="Whose export DIR is. Default: recognised by the names in it.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="Submissions that are read at the same time. Default: one a core.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@options.assignment
@options.no_color
@options.tracebacks
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    folder: Path,
    out: Path,
    templates: tuple[Path, ...],
    least: float,
    roster: Path | None,
    layout: str | None,
    jobs: int | None,
    as_json: bool,
    assignment: str,
    no_color: bool,
    verbose: bool,
) -> None:
    """List submissions that are suspiciously alike.

    DIR is what `grade batch` takes. Nothing is executed: sources, also those in notebooks, are
    compared without comments and names, without the template, and without what many have in
    common. Attempts of one student, and of members of a group, are no pairs. What comes out is a
    list to look at, never a verdict; the exit code is 0 whatever it says.
    """
    del verbose  # read by grader.cli.endings
    rules = load_assignment(assignment)
    with tempfile.TemporaryDirectory(prefix="goldgrad-") as scratch:
        if not templates:
            templates = (Path(scratch) / ".template",)
            write_files(templates[0], starting_files(rules, find_oracle()))
        given = [_given(path, rules.limits) for path in templates]
        # Only for what came in several files; results of a batch are not looked at.
        found = find_attempts(folder, Path(scratch), roster, layout or "auto")
        if found.passed_over:
            click.echo(f"passed over: {listed(found.passed_over)}", err=True)
        works, unread = _read(_handed(found, out), rules.limits, jobs or os.cpu_count() or 1)
    search = find_pairs(works, given, least / 100)
    written = [out / PAGE, out / TABLE]
    try:
        out.mkdir(parents=True, exist_ok=True)
        similar_page.write(search, unread, rules.title, written[0])
        write_csv(search, written[1])
    except OSError as error:
        raise UnusableInput(f"cannot write to {out}: {error.strerror}") from error
    written += _class_page_told(out)
    if as_json:
        click.echo(similar_json(search, unread), nl=False)
        return
    colour = wants_colour(no_color, sys.stdout)
    text = render_similar(search, unread, width=terminal_width(), colour=colour)
    click.echo(text, nl=False, color=colour)
    click.echo("\n" + "\n".join(map(str, written)))


def _class_page_told(out: Path) -> list[Path]:
    """Have the class page of a batch's results folder link to the list; the page if so."""
    page = out / FORMATS["class"].target
    if not (page.exists() and (out / FILE).is_file()):
        return []
    try:
        with Store(out) as store, held(out, patience=1.0):
            return [export(store.course(), "class", out)]
    except AtWork:  # the batch renders it at its end
        return []
    except UnusableInput as error:
        click.echo(f"note: {page} does not tell of it: {error}", err=True)
        return []


def _handed(found: Found, out: Path) -> list[Handed]:
    """Each upload once, with all whose it is: the members of a group share one."""
    members: dict[Path, list[Attempt]] = defaultdict(list)
    for each in found.attempts:
        if each.path.resolve() != out.resolve():  # an earlier list, or a batch's results
            members[each.path].append(each.attempt)
    return [
        Handed(
            listed([attempt.name for attempt in attempts]),
            frozenset(attempt.student.id for attempt in attempts),
            path,
        )
        for path, attempts in members.items()
    ]


def _read(handed: Sequence[Handed], limits: Limits, jobs: int) -> tuple[list[Work], list[Unread]]:
    total = count(len(handed), "submission")
    with status_line() as tell:
        return read_works(handed, limits, jobs, lambda done: tell(f"read {done} of {total}"))


def _given(path: Path, limits: Limits) -> Work:
    work = read_work(Handed(path.name, frozenset(), path), limits)
    if isinstance(work, Unread):
        raise UnusableInput(f"cannot use the template {path}: {work.reason}")
    return work
