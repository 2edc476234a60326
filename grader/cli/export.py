"""`grade export RESULTS --to FORMAT`: write what a batch found in another form."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from grader.batch.lock import held
from grader.batch.store import Store
from grader.cli import options
from grader.cli.documented import Documented
from grader.errors import UnusableInput
from grader.render.exports import FORMATS, export

_ALL = "all"
_BINDING = {"canvas", "moodle"}
"""What a course system takes for final marks."""


class _Exporting(Documented):
    """With a list of the formats in its help page."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The formats, then the examples."""
        with formatter.section("Formats"):
            rows = [(name, f"{f.target}: {f.summary}") for name, f in FORMATS.items()]
            formatter.write_dl([*rows, (_ALL, "all of them")])
        super().format_epilog(ctx, formatter)


@click.command(
    "export",
    cls=_Exporting,
    examples=[
        ("grade export results/ --to csv", ""),
        ("grade export results/ --to all --out handover/", ""),
    ],
)
@options.results
@click.option(
    "--to",
    "formats",
    metavar="FORMAT",
    type=click.Choice([*FORMATS, _ALL]),
    multiple=True,
    required=True,
    help="What to write, of the list below. May be given several times.",
)
@click.option(
    "--out", metavar="DIR", type=options.FOLDER, help="Where to write it. Default: into RESULTS."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
@options.tracebacks
def command(
    results: Path, formats: tuple[str, ...], out: Path | None, as_json: bool, verbose: bool
) -> None:
    """Write what a batch found in another form.

    RESULTS is the folder that `grade batch --out` wrote. Nothing is marked again: everything is
    made of the results that are stored there, with all adjustments and the rules for lateness that
    the last batch had. While a batch is at work, what is done so far can be written to another
    folder with --out.
    """
    del verbose  # read by grader.cli.endings
    names = list(FORMATS) if _ALL in formats else list(dict.fromkeys(formats))
    folder = results if out is None else out
    with Store(results) as store, held(results, patience=1.0) if out is None else nullcontext():
        course = store.course()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnusableInput(f"cannot write to {folder}: {error.strerror}") from error
        written: list[dict[str, Any]] = []
        for name in names:
            path = export(course, name, folder)
            written.append({"format": name, "path": str(path)})
            if not as_json:
                click.echo(path)
        doubts = store.tally().provisos if _BINDING & set(names) else []
    for doubt in doubts:
        click.echo(f"note: {doubt}", err=True)
    if as_json:
        click.echo(json.dumps(written, indent=2, ensure_ascii=False))
