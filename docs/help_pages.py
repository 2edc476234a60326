"""The help page of every command, for docs/commands.md."""

from __future__ import annotations

from collections.abc import Iterable

import click

from docs.session import told
from grader.cli.group import COMMANDS, grade


def _help(arguments: str) -> str:
    return told(lambda session: [session.run(f"grade {arguments}".rstrip())])


def all_help() -> str:
    """The help page of every command."""
    parts = [f"## grade\n\n{_help('--help')}"]
    parts += [f"## grade {name}\n\n{_help(f'{name} --help')}" for name in _commands()]
    return "\n" + "\n".join(parts)


def _commands() -> Iterable[str]:
    """The names of all commands; of one with commands of its own, those after it."""
    for name in COMMANDS:
        yield name
        command = grade.get_command(click.Context(grade), name)
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.commands)
