"""`grade gradescope`: the zip that Gradescope is given, and what runs there."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import options
from grader.cli.console import status_line, terminal_width
from grader.cli.documented import Documented, DocumentedGroup
from grader.errors import UnusableInput
from grader.gradescope.settings import ROOT

if TYPE_CHECKING:
    from grader.gradescope.build import Autograder


@click.group(
    "gradescope",
    cls=DocumentedGroup,
    invoke_without_command=True,
    examples=[
        ("grade gradescope build", "writes autograder.zip for hw3"),
        ("grade gradescope build --help", "its options"),
    ],
)
@click.pass_context
def command(context: click.Context) -> None:
    """Build the autograder that Gradescope runs.

    docs/gradescope.md says how to upload it, what students see, and what happens there.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@command.command(
    "build",
    cls=Documented,
    examples=[
        ("grade gradescope build", "autograder.zip, for hw3"),
        ("grade gradescope build my.yaml --minutes 20", "for an assignment of your own"),
    ],
)
@click.argument("assignment", metavar="[NAME|FILE]", default=options.default_assignment)
@click.option(
    "-o",
    "--out",
    metavar="FILE",
    type=options.FILE,
    default=Path("autograder.zip"),
    show_default=True,
    help="Where to write the zip.",
)
@click.option(
    "--minutes",
    metavar="N",
    type=click.IntRange(2, 40),
    default=10,
    show_default=True,
    help="The time that Gradescope's settings give the autograder.",
)
@click.option(
    "--leaderboard", is_flag=True, help="Enter the measured accuracies, which all students see."
)
@options.dataset
@options.seed
@options.insecure
@options.tracebacks
def build(  # noqa: PLR0913, PLR0917 - one argument an option
    assignment: str,
    out: Path,
    minutes: int,
    leaderboard: bool,
    dataset: Path | None,
    seed: str | None,
    insecure: bool,
    verbose: bool,
) -> int:
    """Build the zip that is uploaded to Gradescope.

    It holds the hidden cases, the reference solution and pinned requirements, but not your secret
    seed. Students never get it; keep it to yourself. An assignment is given by its name or as an
    assignment.yaml; the default is hw3.
    """
    del verbose  # read by grader.cli.endings
    # Building takes packages that marking does without, as in the container.
    from grader.gradescope.build import build_autograder

    with status_line() as tell:
        tell("making hidden cases and the wheel")
        made = build_autograder(
            out,
            assignment,
            dataset=dataset,
            seed=seed,
            minutes=minutes,
            insecure=insecure,
            leaderboard=leaderboard,
        )
    _show(made)
    return 0


def _show(made: Autograder) -> None:
    rules, settings = made.assignment, made.settings
    cases = sum(len(problem.cases) for problem in made.bundle.problems.values())
    size = made.path.stat().st_size / 1e6
    versions = dict(pin.split("==") for pin in made.pins)
    click.echo(f"{made.path} ({size:.1f} MB) for {rules.assignment}: {rules.title}")
    click.echo(f"  {cases} hidden cases, without your secret seed")
    click.echo(f"    SHA-256 {settings.bundle}")
    click.echo(f"  NumPy {versions['numpy']} and {len(versions) - 1} other packages, pinned")
    stand_in = "the bundled stand-in, not the published one (grade dataset)"
    if rules.dataset is not None:
        click.echo(f"  training data: {stand_in if made.stand_in else 'yours, in the zip'}")
    click.echo("It holds the solution: keep it to yourself.")
    click.echo("Upload it in Gradescope under Configure Autograder, with Ubuntu 24.04 or newer,")
    click.echo(f"{settings.seconds // 60} minutes as its time, and test it with your own solution.")
    for concern in made.concerns:
        click.echo(click.wrap_text(f"note: {concern}", terminal_width(), subsequent_indent="  "))


@command.command("run", cls=Documented, examples=[("grade gradescope run", "in the container")])
@click.option(
    "--root",
    metavar="DIR",
    type=options.FOLDER,
    default=ROOT,
    show_default=True,
    help="What Gradescope lays out: source/, submission/, results/.",
)
@click.option("--rehearse", "only_rehearse", is_flag=True, help="Get ready, and mark nothing.")
@options.tracebacks
def run_there(root: Path, only_rehearse: bool, verbose: bool) -> int:
    """Mark the one submission that Gradescope has laid out.

    This is what the autograder runs. It writes results/results.json, and prints for staff what
    students do not see. Ends with exit code 3, and no score, when the grader failed.
    """
    del verbose  # read by grader.cli.endings
    started = time.monotonic()
    from grader.gradescope.run import rehearse, run

    if not (root / "source").is_dir():
        raise UnusableInput(
            f"{root} is not what Gradescope lays out: there is no source/ in it",
            hint="this runs in Gradescope's container, in what `grade gradescope build` makes",
        )
    if only_rehearse:
        rehearse(root, click.echo)
        return 0
    return run(root, click.echo, started)
