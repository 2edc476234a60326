"""The command `grade`: finds its subcommands by name, imports only the one that runs.

`grade PATH` marks a submission; the word ``mark`` may be left out. A file that is called like a
command is given as `grade ./batch`.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from grader import __version__
from grader.cli.endings import ended_quietly, exit_code_of, open_closed_streams
from grader.cli.interruption import interruptible


@dataclass(frozen=True)
class Listed:
    """What `grade --help` says about a command without importing it."""

    audience: str
    summary: str


COMMANDS = {
    "init": Listed("students", "Put the homework's template into a folder."),
    "check": Listed("students", "Check your homework against the public cases."),
    "mark": Listed("graders", "Mark one submission (the word may be left out: grade PATH)."),
    "batch": Listed("graders", "Mark all submissions of a folder."),
    "adjust": Listed("graders", "Give a student points, or take them."),
    "history": Listed("graders", "Show every change of a score."),
    "export": Listed("graders", "Write what a batch found in another form."),
    "similar": Listed("graders", "List submissions that are suspiciously alike."),
    "dataset": Listed("graders", "Fetch the published dataset, checked, into the cache."),
    "doctor": Listed("graders", "Say how well student code is walled off, and what to mend."),
    "catalogue": Listed("instructors", "List the problems that an assignment can be composed of."),
    "validate": Listed("instructors", "Prove an assignment before anybody is marked by it."),
    "golden": Listed("instructors", "Make a golden bundle from the reference solution."),
    "kit": Listed("instructors", "Make what a course hands to its students."),
    "gradescope": Listed("instructors", "Build the autograder that Gradescope runs."),
    "shapes": Listed("instructors", "Show a network's layers: shapes, parameters, memory."),
    "schema": Listed("instructors", "Print the JSON Schema of `grade PATH --json`."),
}
DEFAULT_COMMAND = "mark"


class GradeGroup(click.Group):
    """A group with lazy subcommands, a default command, and our way of ending."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All commands, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the one command that was asked for."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"grader.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the default command where the first word is a path or one of its options."""
        if not args:
            args = ["--help"]
        if args[0] not in COMMANDS and args[0] not in {"--help", "-h", "--version"}:
            _refuse_misspelt(args[0])
            args = [DEFAULT_COMMAND, *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The whole help page on one screen, commands grouped by who needs them."""
        formatter.write_usage("grade", "PATH [OPTIONS]")
        formatter.write_usage("grade", "COMMAND [OPTIONS]", prefix="       ")
        formatter.write_paragraph()
        formatter.write_text("Marks machine-learning homework and says what is wrong with it.")
        for audience in dict.fromkeys(listed.audience for listed in COMMANDS.values()):
            rows = [(n, c.summary) for n, c in COMMANDS.items() if c.audience == audience]
            with formatter.section(f"For {audience}"):
                formatter.write_dl(rows, col_spacing=3)
        with formatter.section("Examples"):
            formatter.write_dl(
                [
                    ("grade check", "in the homework's folder, as often as you like"),
                    ("grade s1042.zip", "the score, and each lost point explained"),
                    ("grade COMMAND --help", "the options of a command"),
                ]
            )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that stops reading ends it without a word."""
        return ended_quietly(lambda: super(GradeGroup, self).invoke(ctx))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = "grade",
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run and turn whatever happens into an exit code (see grader.cli.endings)."""
        open_closed_streams()
        parent = super().main
        with interruptible() as interruption:
            extra.setdefault("obj", interruption)
            code = exit_code_of(
                lambda: parent(args, prog_name, complete_var, standalone_mode=False, **extra), args
            )
        if standalone_mode:
            raise SystemExit(code)
        return code


def _refuse_misspelt(word: str) -> None:
    looks_like_a_word = word.isalpha() and not Path(word).exists()
    close = difflib.get_close_matches(word, COMMANDS, n=1, cutoff=0.7)
    if looks_like_a_word and close:
        raise click.UsageError(
            f"there is no file and no command called {word!r}; did you mean 'grade {close[0]}'?"
        )


@click.group(cls=GradeGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="goldgrad")
def grade() -> None:
    """Marks machine-learning homework and says what is wrong with it."""
