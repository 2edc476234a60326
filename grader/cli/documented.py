"""A command whose help page ends in examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click


class Documented(click.Command):
    """A command with examples: pairs of a command line and what it is for (or "")."""

    def __init__(
        self, name: str | None, *, examples: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(name, **more)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, after the options."""
        super().format_epilog(ctx, formatter)
        width = max(len(line) for line, _ in self.examples)
        with formatter.section("Examples"):
            for line, purpose in self.examples:
                formatter.write(f"  {line:<{width}}   {purpose}".rstrip() + "\n")


class DocumentedGroup(Documented, click.Group):
    """A command with commands of its own, and examples of those."""
