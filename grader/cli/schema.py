"""`grade schema`: what programs that read our JSON can rely on."""

from __future__ import annotations

import click

from grader.cli.documented import Documented
from grader.render.machine import schema_text


@click.command(
    "schema",
    cls=Documented,
    examples=[
        ("grade schema > docs/result.schema.json", ""),
    ],
)
def command() -> int:
    """Print the JSON Schema of `grade PATH --json`."""
    click.echo(schema_text(), nl=False)
    return 0
