"""The child's main program: ``python -I -c ... KIND MEMORY_MB CPU_SECONDS``; bytes in, JSON out."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import unicodedata
import warnings
from collections.abc import Callable
from typing import Any

from grader.intake.reader.confined import confine
from grader.intake.reader.unreadable import UnreadableDocument


def main(kind: str, memory_mb: int, cpu_seconds: int) -> int:
    """Read a document from standard input and write what was found to standard output.

    Args:
        kind: "notebook", "script", "pdf" or "docx".
        memory_mb: limit of the address space.
        cpu_seconds: limit of CPU time.

    Returns:
        The exit code; 0 also when the answer is {"problem": ...}.
    """
    data = sys.stdin.buffer.read()
    _limit(memory_mb, cpu_seconds)
    warnings.simplefilter("ignore")
    logging.disable()
    unicodedata.normalize("NFKC", "a")  # the compiler imports it for names that are not ASCII
    with contextlib.redirect_stdout(io.StringIO()):
        read, libraries = _reader(kind, data)
        confine(libraries)
        answer = _answer(read, data)
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    sys.stdout.buffer.flush()
    return 0


def warm(kind: str) -> None:
    """Import what a reader needs, before there is a document; done once, a second call is quick."""
    from grader.worker import kernel, landlock, seccomp  # noqa: F401 - used by confine()

    with contextlib.suppress(ImportError):  # then each document of this kind says so
        _reader(kind, b"")


def _reader(kind: str, data: bytes) -> tuple[Callable[[bytes], dict[str, Any]], tuple[str, ...]]:
    """The reader with all that it will import, and the libraries it is made of."""
    if kind == "notebook":
        from grader.intake.reader import notebook

        _attempt(lambda: notebook.warm_up(data))
        return notebook.read_notebook, ("nbformat",)
    if kind == "script":
        from grader.intake.reader import script

        return script.read_script, ()
    if kind == "pdf":
        from grader.intake.reader import pdf

        _attempt(pdf.warm_up)
        return lambda content: {"text": pdf.read_pdf(content)}, ("pypdf",)
    from grader.intake.reader import word

    _attempt(word.warm_up)
    return lambda content: {"text": word.read_docx(content)}, ("docx", "lxml")


def _attempt(warm_up: Callable[[], object]) -> None:
    """Should a library change so that its warming up fails, it may well read documents still."""
    with contextlib.suppress(Exception):
        warm_up()


def _answer(read: Callable[[bytes], dict[str, Any]], data: bytes) -> dict[str, Any]:
    try:
        return read(data)
    except UnreadableDocument as reason:
        return {"problem": str(reason)}
    except (MemoryError, RecursionError):
        return {"problem": "it is too large or too deeply nested to be read"}
    # What a parser raises for a damaged file is anybody's guess, and all of it means the same.
    except Exception as error:  # noqa: BLE001 (see above)
        return {"problem": f"it cannot be read ({type(error).__name__}); it may be damaged"}


def _limit(memory_mb: int, cpu_seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return  # the parent's deadline remains
    for what, amount in (
        (resource.RLIMIT_AS, memory_mb * 1_000_000),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (amount, amount))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
