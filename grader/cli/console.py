"""What the terminal can do, and the line that says what is going on."""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from grader.untrusted import shown


def terminal_width() -> int:
    """Columns of the terminal; 80 when the output goes elsewhere (``COLUMNS`` overrides it)."""
    return shutil.get_terminal_size((80, 24)).columns


def wants_colour(no_color: bool, stream: IO[str] | None = None) -> bool:
    """Whether to write colours: a terminal that can, and nobody said no.

    Args:
        no_color: the option --no-color.
        stream: where the text goes; stdout by default.

    https://no-color.org: a non-empty NO_COLOR switches colours off.
    """
    if no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return (stream or sys.stdout).isatty()


@contextmanager
def status_line() -> Iterator[Callable[[str], None]]:
    """A function that shows what is being done on one line of stderr, if that is a terminal.

    The line is wiped at the end, so it never mixes with the output.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    def tell(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{shown(text, terminal_width() - 5)} ...")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def current_user() -> str:
    """Who sits here, for the audit trail; "unknown" where the system has no name for them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
