"""The help page of every command, for docs/commands.md."""

from __future__ import annotations

from collections.abc import Iterable

import click

from grader.cli.group import COMMANDS, grade

# What click leaves of a terminal's 80 columns.
_WIDTH = 78


def _help(*names: str) -> str:
    """The page of a command, made in this process: of its own, each would take half a second."""
    command: click.Command = grade
    context = click.Context(
        grade, info_name="grade", terminal_width=_WIDTH, **grade.context_settings
    )
    for name in names:
        inner = command.get_command(context, name) if isinstance(command, click.Group) else None
        if inner is None:
            raise ValueError(f"grade has no command {' '.join(names)}")
        command = inner
        context = click.Context(inner, context, info_name=name, **inner.context_settings)
    asked = " ".join(["grade", *names, "--help"])
    return f"```console\n$ {asked}\n{command.get_help(context)}\n```\n"


def all_help() -> str:
    """The help page of every command."""
    parts = [f"## grade\n\n{_help()}"]
    parts += [f"## grade {name}\n\n{_help(*name.split())}" for name in _commands()]
    return "\n" + "\n".join(parts)


def _commands() -> Iterable[str]:
    """The names of all commands; of one with commands of its own, those after it."""
    for name in COMMANDS:
        yield name
        command = grade.get_command(click.Context(grade), name)
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.commands)
