"""`grade batch DIR`: mark all submissions of a folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from grader.assignment_file import load_assignment
from grader.batch.attempts import LAYOUTS, Found, find_attempts
from grader.batch.folder import ResultsFolder, opened
from grader.batch.key import columns_of, key_of
from grader.batch.pool import Entry
from grader.batch.rules import CourseRules
from grader.batch.run import Hashed, hashed, mark_all, still_to_do
from grader.cli import options
from grader.cli.batch_progress import progress_shown, restore_terminal
from grader.cli.batch_workers import crew
from grader.cli.console import current_user, status_line, terminal_width, wants_colour
from grader.cli.documented import Documented
from grader.cli.endings import FAILED, INTERRUPTED, complain
from grader.cli.interruption import Interruption, pass_interruption
from grader.marking import Marking, Visibility
from grader.oracle import find_oracle
from grader.render.machine import to_json_line
from grader.render.overview import render_overview
from grader.render.wording import count, listed
from grader.standing import Student

_SHOWN_NOTES = 20


@click.command(
    "batch",
    cls=Documented,
    examples=[
        ("grade batch submissions/", ""),
        ("grade batch submissions/ --out results/ -j 4", ""),
        ("grade batch submissions/ --roster students.csv", "and who is missing"),
        ("grade batch submissions/ --regrade flagged", ""),
        ("grade batch submissions/ --scheduler tcp://10.0.0.5:8786", "on a cluster"),
        ("grade ./batch", "one submission"),
    ],
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    type=options.FOLDER,
    default=Path("results"),
    show_default=True,
    help="Where the results go: gradebook.csv, class.html, feedback/ and the rest.",
)
@options.roster
@click.option(
    "--times",
    metavar="CSV",
    type=options.FILE,
    help="When each student handed in, or how late, where the submissions do not say it.",
)
@click.option(
    "--layout",
    metavar="NAME",
    type=click.Choice(LAYOUTS),
    help="Whose export DIR is: canvas, moodle or gradescope, or plain files of students. Default: "
    "recognised by the names in it.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="Submissions at the same time. Default: one a core.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Mark on the workers of a Dask cluster, whose scheduler is at tcp://... or tls://... "
    "(docs/batch.md).",
)
@click.option(
    "--regrade",
    metavar="WHAT",
    multiple=True,
    help="Mark again what is done already: all; flagged (something for a person to look at); "
    "lost:CHECK (points were lost there); or a name, with * and ?. May be given several times.",
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
@pass_interruption
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    interruption: Interruption,
    folder: Path,
    out: Path,
    roster: Path | None,
    times: Path | None,
    layout: str | None,
    jobs: int | None,
    scheduler: str | None,
    regrade: tuple[str, ...],
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

    Every zip, notebook and folder in DIR is a submission; or DIR is what Canvas, Moodle or
    Gradescope exported, which tells students and attempts apart (docs/batch.md).
    Each result is kept as soon as it exists; after Ctrl-C, or whatever else ended a batch, the
    same command goes on where it stopped and marks only what is new or has changed. Press Ctrl-C
    twice to end at once.
    Ends with exit code 0 when every submission has a result, 3 when the grader failed on one;
    2 when student code cannot be walled off here and --insecure is not given.
    """
    del verbose  # read by grader.cli.endings
    if scheduler is not None and jobs is not None:
        raise click.UsageError("-j is for this machine; a cluster has as many jobs as threads")
    visibility: Visibility = "public" if public or not find_oracle() else "hidden"
    started = time.monotonic()
    with ExitStack() as stack:
        results = stack.enter_context(opened(out, current_user()))
        found = find_attempts(
            folder, out, roster, layout or "auto", times=times, due=load_assignment(assignment).due
        )
        _tell(found)
        hands = stack.enter_context(
            crew(
                assignment,
                visibility=visibility,
                dataset=dataset,
                seed=seed,
                insecure=insecure,
                train=not no_train,
                jobs=jobs,
                scheduler=scheduler,
            )
        )
        marking = hands.marking
        handed_in = hashed(found.attempts, marking.assignment.limits)
        _begin(results, marking, handed_in, found.missing, train=not no_train, regrade=regrade)
        todo = still_to_do(results.store, handed_in)
        workers, how = hands.assemble(len(todo))
        _announce(marking, found, len(todo), how)
        interruption.farewell += [restore_terminal, workers.kill]
        with progress_shown(len(todo), colour=wants_colour(no_color, sys.stderr)) as tell:
            hear = _aloud(tell) if as_json else tell
            complete = mark_all(workers, results.store, todo, results.write, hear)
        with status_line() as say:
            say("writing the gradebook and its like")
            results.finish()
        text = render_overview(
            results.store.course(),
            time.monotonic() - started,
            [str(path) for path in results.written],
            width=terminal_width(),
            colour=wants_colour(no_color, sys.stderr if as_json else sys.stdout),
        )
        click.echo(text, nl=False, err=as_json)
        tally = results.store.tally()
    if not complete:
        complain(
            f"interrupted; {tally.done} of {tally.total} are marked and kept",
            "the same command goes on from here",
        )
        return INTERRUPTED
    return FAILED if tally.failed else 0


def _tell(found: Found) -> None:
    """What a person should know of what was found."""
    if found.passed_over:
        click.echo(f"passed over: {listed(found.passed_over)}", err=True)
    for note in found.notes[:_SHOWN_NOTES]:
        click.echo(f"note: {note}", err=True)
    if len(found.notes) > _SHOWN_NOTES:
        click.echo(f"note: and {len(found.notes) - _SHOWN_NOTES} more of that kind", err=True)


def _begin(
    results: ResultsFolder,
    marking: Marking,
    handed_in: Sequence[Hashed],
    missing: Sequence[Student],
    *,
    train: bool,
    regrade: Sequence[str],
) -> None:
    moved: list[Path] = []
    results.store.begin(
        key_of(marking, train=train),
        marking.assignment.title,
        columns_of(marking.assignment),
        [each.attempt for each in handed_in],
        rules=CourseRules.of(marking.assignment),
        missing=missing,
        regrade=regrade,
        when_others_count=lambda: moved.extend(results.set_aside()),
    )
    if moved:
        names = listed([path.name for path in moved])
        click.echo(f"earlier results are kept as {names}", err=True)
    absent = results.store.tally().absent
    if absent:
        they = "It is" if absent == 1 else "They are"
        click.echo(
            f"{count(absent, 'submission')} of earlier runs not found in the folder this time. "
            f"{they} kept, but in no gradebook until found again.",
            err=True,
        )


def _announce(marking: Marking, found: Found, todo: int, how: str) -> None:
    total = len(found.attempts)
    students = len({handed_in.attempt.student.id for handed_in in found.attempts})
    of = f" of {count(students, 'student')}" if students < total else ""
    layout = "" if found.layout == "plain" else f" in a {found.layout.capitalize()} export"
    skipped = f", {total - todo} of them done already" if todo < total else ""
    click.echo(
        f"{marking.assignment.assignment}  {count(total, 'submission')}{of}{layout}{skipped}, "
        f"{marking.bundle.visibility} cases, {how}",
        err=True,
    )


def _aloud(tell: Callable[[Entry], None]) -> Callable[[Entry], None]:
    def print_json(entry: Entry) -> None:
        tell(entry)
        if entry.result is not None:
            click.echo(to_json_line(entry.result), nl=False)

    return print_json
