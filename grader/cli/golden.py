"""`grade golden`: make a golden bundle from the reference solution."""

from __future__ import annotations

from pathlib import Path

import click

from grader.assignment_file import load_assignment
from grader.bundle import PUBLIC_SEED, Bundle
from grader.bundle_file import bundle_sha256, bundle_to_bytes
from grader.cli import options
from grader.cli.console import status_line
from grader.cli.documented import Documented
from grader.cli.files import write_bytes
from grader.errors import UnusableInput
from grader.marking import Visibility
from grader.oracle import find_oracle
from grader.secret import secret_seed


@click.command(
    "golden",
    cls=Documented,
    examples=[
        ("grade golden -o fixtures/bundles/hw3.public.npz", ""),
        ('grade golden --hidden --seed "winter 2027" -o hw3.hidden.npz', ""),
    ],
)
@click.option(
    "--public/--hidden",
    default=True,
    show_default=True,
    help="For students, from the public seed; or for marking, from your secret seed "
    "(keep that file to yourself).",
)
@options.seed
@click.option("-o", "--out", metavar="FILE", type=options.FILE, help="Where to write it.")
@options.assignment
@options.verbose
def command(
    public: bool, seed: str | None, out: Path | None, assignment: str, verbose: bool
) -> int:
    """Make a golden bundle from the reference solution.

    A bundle holds the cases' inputs, the expected outputs, and the answers of the registered
    bugs as fingerprints. It is refused when a registered bug passes it.
    """
    visibility: Visibility = "public" if public else "hidden"
    rules = load_assignment(assignment)
    oracle = find_oracle()
    if oracle is None:
        raise UnusableInput(
            "golden bundles are made from the reference solution, which is not installed here",
            hint="students have the public bundle already: grade check",
        )
    with status_line() as tell:
        tell("making golden cases and trying every registered bug on them")
        bundle = oracle.make_bundle(
            rules.assignment, rules.problems(), _seed(visibility, seed), visibility
        )
    content = bundle_to_bytes(bundle)
    path = out or Path(f"{rules.assignment}.{visibility}.npz")
    write_bytes(path, content)
    click.echo(f"{path}  {len(content) / 1e6:.1f} MB, SHA-256 {bundle_sha256(bundle)}")
    _summary(bundle, verbose=verbose)
    return 0


def _seed(visibility: Visibility, seed: str | None) -> bytes:
    if seed is not None:
        return seed.encode()
    return PUBLIC_SEED if visibility == "public" else secret_seed()


def _summary(bundle: Bundle, *, verbose: bool) -> None:
    cases = sum(len(problem.cases) for problem in bundle.problems.values())
    click.echo(
        f"{bundle.visibility}: {len(bundle.problems)} problems, {cases} cases, "
        f"{len(bundle.bugs)} registered bugs, all caught"
    )
    if verbose:
        for problem in bundle.problems.values():
            exposed = {answer.bug for case in problem.cases for answer in case.bugs}
            click.echo(f"  {problem.name:<20} {len(problem.cases)} cases, {len(exposed)} bugs")
