"""Starts the child process that reads one document, and holds it to its limits.

Its answer is believed no more than the document itself: a parser that a document has taken over
could write anything.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal

from grader.intake.listing import Unreadable
from grader.intake.warm_reader import ForkedReader, WarmReader
from grader.untrusted import shown

Kind = Literal["notebook", "script", "pdf", "docx"]

_MEMORY_MB = 1_500
_CPU_SECONDS = 10
_WALL_SECONDS = 40
_TOTAL_SECONDS = 90
_MAX_ANSWER = 10_000_000

_ROOT = str(Path(__file__).resolve().parents[2])
# -I keeps the working folder and PYTHON* variables, which a student may control, out of the
# child's imports; the grader's own folder is put back by hand.
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    "from grader.intake.reader.__main__ import main;"
    "sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))"
)
_START_SERVER = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    "from grader.intake.reader.server import start;"
    "start(int(sys.argv[1]))"
)
_STOPPED = "it took too long or too much memory to read; it may be damaged"
_NONSENSE = "it cannot be read; it may be damaged"


class Patience:
    """How long all documents of one submission may take together.

    Each may take its own limit; a dozen made to take nearly that would hold up a batch.
    """

    def __init__(self, seconds: float = _TOTAL_SECONDS) -> None:
        self._seconds = seconds

    @contextlib.contextmanager
    def spent(self) -> Iterator[float]:
        """Take what the body takes off; gives the seconds that it may take.

        Raises:
            Unreadable: nothing is left.
        """
        if self._seconds <= 0:
            raise Unreadable("it was not read, because the other documents took too long")
        started = time.monotonic()
        try:
            yield min(self._seconds, _WALL_SECONDS)
        finally:
            self._seconds -= time.monotonic() - started


def read_document(kind: Kind, data: bytes, patience: Patience | None = None) -> dict[str, Any]:
    """What the child found in a document.

    Args:
        kind: which reader.
        data: the document.
        patience: what is left for it; its own limit when there is nothing else to read.

    Returns:
        The answer of grader/intake/reader/. "text" is text; a notebook's parts are yet to be
        looked at (grader/intake/notebook.py).

    Raises:
        Unreadable: it cannot be read, or reading it needs more than the limits; the text stands
            after the file's name and a colon.
    """
    with (patience or Patience()).spent() as seconds:
        return parsed_answer(kind, _answer(kind, data, seconds))


def parsed_answer(kind: Kind, raw: bytes) -> dict[str, Any]:
    """The answer in a child's output.

    Raises:
        Unreadable: it tells a problem, or is no answer.
    """
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_NONSENSE) from error
    if not isinstance(answer, dict):
        raise Unreadable(_NONSENSE)
    if "problem" in answer:
        raise Unreadable(shown(answer["problem"], 300))
    if kind != "notebook":
        if not isinstance(answer.get("text"), str):
            raise Unreadable(_NONSENSE)
        answer["text"] = encodable(answer["text"])
    return answer


def encodable(text: str) -> str:
    """The text without lone surrogates, which JSON may hold and no file."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _answer(kind: Kind, data: bytes, seconds: float) -> bytes:
    with _child(kind) as child:
        raw = _converse(child, data, seconds)
    if raw is None or child.returncode != 0:
        raise Unreadable(_STOPPED)
    return raw


def _child(kind: Kind) -> subprocess.Popen[bytes] | ForkedReader:
    """A child of its own for one document: forked from a warm process where that can be had."""
    if _WARM is not None:
        with contextlib.suppress(OSError):
            return _WARM.fork(kind, _MEMORY_MB, _CPU_SECONDS)
    return subprocess.Popen(  # noqa: S603 (our own interpreter and code)
        [*_command(_START), kind, str(_MEMORY_MB), str(_CPU_SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )


def _command(start: str) -> list[str]:
    return [sys.executable, "-I", "-X", "utf8", "-c", start, _ROOT]


def _environment() -> dict[str, str]:
    """Neither the grader's environment nor its process group is the child's business."""
    return {name: value for name, value in os.environ.items() if name in _NEEDED_VARIABLES}


# What the interpreter's own libraries are found with, on Windows and where they lie elsewhere.
_NEEDED_VARIABLES = {"SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}


_WARM: WarmReader | None = (
    WarmReader(_command(_START_SERVER), _environment())
    if hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")
    else None
)
if _WARM is not None:
    atexit.register(_WARM.close)


def _converse(
    child: subprocess.Popen[bytes] | ForkedReader, data: bytes, seconds: float
) -> bytes | None:
    """Send the document and receive the answer; None when the child had to be stopped."""
    assert child.stdin is not None  # noqa: S101 (PIPE was asked for)
    assert child.stdout is not None  # noqa: S101
    received: list[bytes] = []
    # Both directions at once: either end may block while the other pipe is full.
    sender = threading.Thread(target=_send, args=(child.stdin, data), daemon=True)
    receiver = threading.Thread(target=_receive, args=(child.stdout, received), daemon=True)
    deadline = time.monotonic() + seconds
    try:
        sender.start()
        receiver.start()
        receiver.join(seconds)
        if received and len(received[0]) <= _MAX_ANSWER:
            # It may have closed its output and go on.
            child.wait(max(0.1, deadline - time.monotonic()))
        else:
            received.clear()
    except subprocess.TimeoutExpired:
        received.clear()
    finally:
        _kill(child)
    sender.join()
    receiver.join()
    return received[0] if received and len(received[0]) <= _MAX_ANSWER else None


def _kill(child: subprocess.Popen[bytes] | ForkedReader) -> None:
    """End the child and all that is in its group, also when it has ended itself."""
    if isinstance(child, ForkedReader):
        child.kill()
    elif child.poll() is None:
        if os.name == "posix":
            # Not yet waited for: the number is still its own.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
        child.kill()
        child.wait()


def _send(stream: IO[bytes], data: bytes) -> None:
    try:
        stream.write(data)
        stream.close()
    except OSError:  # the child ended before it had read all
        return


def _receive(stream: IO[bytes], received: list[bytes]) -> None:
    received.append(stream.read(_MAX_ANSWER + 1))
