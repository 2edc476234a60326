"""Writing what a command was asked to write, with an error a user can act on."""

from __future__ import annotations

from pathlib import Path

from grader.errors import UnusableInput


def write_text(path: Path, text: str) -> None:
    """Write a text file as it is, without translating line ends.

    Raises:
        UnusableInput: the file cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        UnusableInput: the file cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UnusableInput(f"cannot write {path}: {error.strerror}") from error
