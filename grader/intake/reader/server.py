"""A warm process that forks one child for each document, which then does what main() does.

Starting an interpreter takes ten times as long as reading a notebook. This process has imported the
readers and nothing else; it never sees a document, so that none can prepare it for the next one.

On its control socket come requests, ``KIND MEMORY_MB CPU_SECONDS`` with three descriptors: the
child's standard input and output, and a socket on which it is answered first with a descriptor of
the child, then, when the child has ended, with its exit status.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from typing import Final

from grader.intake.reader.__main__ import main, warm

REQUEST_BYTES: Final = 64
BORN: Final = b"+"
_CHANNELS: Final = 3


def serve(control: socket.socket) -> None:
    """Fork until the other side closes the control socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, REQUEST_BYTES, _CHANNELS)
        if not request:
            return
        kind, memory_mb, cpu_seconds = request.decode("ascii").split()
        warm(kind)
        child = os.fork()
        if child == 0:
            _read(kind, int(memory_mb), int(cpu_seconds), descriptors)
        with socket.socket(fileno=descriptors[2]) as told:
            for descriptor in descriptors[:2]:
                os.close(descriptor)
            handle = os.pidfd_open(child)
            try:
                socket.send_fds(told, [BORN], [handle])
            except OSError:  # nobody waits for it any more
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)
            # Not yet waited for: the number is still its own, and its group's.
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            try:
                told.sendall(str(os.waitstatus_to_exitcode(status)).encode("ascii"))
            except OSError:
                continue


def _read(kind: str, memory_mb: int, cpu_seconds: int, descriptors: list[int]) -> None:
    """Be the child: as if it had been started for this document alone; does not return."""
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        for target, descriptor in enumerate(descriptors[:2]):
            os.dup2(descriptor, target)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        status = main(kind, memory_mb, cpu_seconds)
    finally:
        os._exit(status)


def start(number: int) -> None:
    """Serve on the control socket with this descriptor."""
    control = socket.socket(fileno=number)
    for kind in ("notebook", "script"):
        warm(kind)
    control.sendall(BORN)
    serve(control)
    sys.exit(0)
