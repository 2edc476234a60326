"""Starts the child process that reads one document, and holds it to a deadline."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Literal

from grader.intake.listing import Unreadable

_MEMORY_MB = 1_500
_CPU_SECONDS = 10
_WALL_SECONDS = 40
_MAX_ANSWER = 20_000_000

_ROOT = str(Path(__file__).resolve().parents[2])
# -I keeps the working folder and PYTHON* variables, which a student may control, out of the
# child's imports; the grader's own folder is put back by hand.
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    "from grader.intake.reader.__main__ import main;"
    "sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))"
)


def read_document(
    kind: Literal["notebook", "script", "pdf", "docx"], data: bytes
) -> dict[str, Any]:
    """What the child found in a document.

    Raises:
        Unreadable: it cannot be read, or reading it needs more than the limits; the text stands
            after the file's name and a colon.
    """
    command = [sys.executable, "-I", "-X", "utf8", "-c", _START, _ROOT, kind]
    with subprocess.Popen(  # noqa: S603 (our own interpreter and code)
        [*command, str(_MEMORY_MB), str(_CPU_SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        raw = _converse(child, data)
    if raw is None or child.returncode != 0:
        raise Unreadable("it took too long or too much memory to read; it may be damaged")
    answer = json.loads(raw)
    if "problem" in answer:
        raise Unreadable(str(answer["problem"])[:300])
    return dict(answer)


def _converse(child: subprocess.Popen[bytes], data: bytes) -> bytes | None:
    """Send the document and receive the answer; None when the child had to be stopped."""
    assert child.stdin is not None  # noqa: S101 (PIPE was asked for)
    assert child.stdout is not None  # noqa: S101
    received: list[bytes] = []
    # Both directions at once: either end may block while the other pipe is full.
    threads = [
        threading.Thread(target=_send, args=(child.stdin, data), daemon=True),
        threading.Thread(
            target=lambda stream: received.append(stream.read(_MAX_ANSWER + 1)),
            args=(child.stdout,),
            daemon=True,
        ),
    ]
    for thread in threads:
        thread.start()
    threads[1].join(_WALL_SECONDS)
    if threads[1].is_alive() or not received or len(received[0]) > _MAX_ANSWER:
        child.kill()
        received.clear()
    for thread in threads:
        thread.join()
    child.wait()
    return received[0] if received else None


def _send(stream: Any, data: bytes) -> None:
    try:
        stream.write(data)
        stream.close()
    except OSError:  # the child ended before it had read all
        return
