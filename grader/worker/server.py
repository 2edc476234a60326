"""The fork server: a warm process that forks one child for each request and looks after it.

It has never held a golden value, and never runs student code itself. When it is warm it says so,
with what it found when it tried its own walls. Then, on the control socket, it is sent
``{"scratch": ..., "limits": {...}}`` with three descriptors: the child's request socket, the write
end of its output pipe, and the *lifeline*; it answers with the child's number and a descriptor of
it, since the number is that of its own pid namespace. Through the lifeline the parent learns how
the child ended (one message); when the parent closes its end, the child is killed. So children
never outlive the parent.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, Final

from .confinement import build, examine
from .control import GOODBYE, SCRATCH_PREFIX
from .frames import HEADER_BYTES, header, read_header, write_frame
from .jail import Jail, adopt_orphans, die_with_parent
from .loop import serve
from .namespaces import PidNamespaces
from .wire import WireError, decode, encode

_CAP: Final = 1 << 16
_SWEEP_SECONDS: Final = 1.0
"""How long one sweep chases the processes of a fork bomb before it serves requests again."""


class Server:
    """Forks on request until the control socket closes."""

    def __init__(
        self, control: socket.socket, scratch: str, jail: Jail, births: PidNamespaces | None
    ) -> None:
        self._control = control
        self._scratch = scratch
        self._jail = jail
        self._births = births
        self._dismissed = False
        self._lifelines: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._adopts = adopt_orphans()
        self._wakeup, wake = socket.socketpair()
        for end in (self._wakeup, wake):
            end.setblocking(False)
        self._wake = wake
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
        self._selector.register(control, selectors.EVENT_READ, None)
        self._selector.register(self._wakeup, selectors.EVENT_READ, None)

    def run(self, report: dict[str, Any]) -> None:
        """Serve until the other side closes the control socket; then end everything.

        Args:
            report: what to say first.
        """
        try:
            write_frame(self._control, encode(report))
            while self._turn():
                pass
        finally:
            self._end_all()
            if not self._dismissed:
                self._clean_up()

    def _clean_up(self) -> None:
        """Delete what the parent, which has died without a word, can no longer delete."""
        if Path(self._scratch).name.startswith(SCRATCH_PREFIX):
            with contextlib.suppress(RecursionError):
                shutil.rmtree(self._scratch, ignore_errors=True)

    def _end_all(self) -> None:
        for pid in list(self._lifelines):
            self._kill(pid)
        for pid in list(self._lifelines):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
            self._lifelines.pop(pid).close()
        self._sweep()

    def _turn(self) -> bool:
        for key, _ in self._selector.select():
            if key.fileobj is self._control:
                if not self._fork_on_request():
                    return False
            elif key.fileobj is self._wakeup:
                self._wakeup.recv(4096)
                self._reap()
            elif key.data in self._lifelines:
                # The parent writes nothing here: it has closed its end. That remains so while the
                # child is dying, of which SIGCHLD tells; to be told again costs 4 ms of CPU time.
                self._kill(key.data)
                self._selector.unregister(key.fileobj)
        return True

    def _fork_on_request(self) -> bool:
        content, descriptors, _, _ = socket.recv_fds(self._control, _CAP, 3)
        if not content:
            return False
        if content == GOODBYE:
            self._dismissed = True
            return False
        try:
            _, length = read_header(content[:HEADER_BYTES], _CAP)
            request: Any = decode(content[HEADER_BYTES:])
            if len(content) != HEADER_BYTES + length or len(descriptors) != 3:
                raise WireError("not a fork request")
            self._answer(self._fork(request, descriptors))
        except OSError as error:
            write_frame(self._control, encode({"error": str(error)}))
        finally:
            for descriptor in descriptors[:2]:
                os.close(descriptor)
        return True

    def _answer(self, pid: int) -> None:
        body = encode({"pid": pid})
        message = b"".join([header(body), *body])
        if not hasattr(os, "pidfd_open"):
            self._control.sendall(message)
            return
        descriptor = os.pidfd_open(pid)
        socket.send_fds(self._control, [message], [descriptor])
        os.close(descriptor)

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> int:
        parent = os.getpid()
        with self._births.fresh() if self._births else contextlib.nullcontext():
            try:
                pid = os.fork()
            except OSError:
                os.close(descriptors[2])
                raise
            if pid == 0:
                self._become_child(request, descriptors, parent)
        lifeline = socket.socket(fileno=descriptors[2])
        self._lifelines[pid] = lifeline
        self._selector.register(lifeline, selectors.EVENT_READ, pid)
        return pid

    def _become_child(self, request: dict[str, Any], descriptors: list[int], parent: int) -> None:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            self._let_go()
            die_with_parent(parent)
            serve(self._jail.confine(request["limits"], request["scratch"], *descriptors[:2]))
            status = 0
        except (OSError, WireError):
            status = 1
        finally:
            # Not exit(): what a student registered with atexit does not run, and the server's
            # own stack is not unwound.
            os._exit(status)

    def _let_go(self) -> None:
        # The numbers of these descriptors will be the student's; closing them when the objects
        # are collected would pull a file from under their code.
        self._selector.close()
        for held in (self._control, self._wakeup, self._wake, *self._lifelines.values()):
            held.detach()

    def _kill(self, pid: int) -> None:
        for group in (os.killpg, os.kill):
            try:
                group(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue

    def _reap(self) -> None:
        """Bury the dead, end what they left behind, and only then report on our own children."""
        reports: list[tuple[int, dict[str, Any]]] = []
        while True:
            try:
                found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                break
            if found is None:
                break
            # Its number cannot be given to another process before it is waited for: until then
            # the group is certainly its own.
            if found.si_pid in self._lifelines:
                self._kill(found.si_pid)
            _, status, usage = os.wait4(found.si_pid, 0)
            report = {
                "code": os.waitstatus_to_exitcode(status),
                "cpu": usage.ru_utime + usage.ru_stime,
                "rss_kb": usage.ru_maxrss,
            }
            reports.append((found.si_pid, report))
        if reports:
            self._sweep()
        for pid, report in reports:
            self._report(pid, report)

    def _report(self, pid: int, report: dict[str, Any]) -> None:
        lifeline = self._lifelines.pop(pid, None)
        if lifeline is None:
            return
        with contextlib.suppress(KeyError):  # it was closed by the other side
            self._selector.unregister(lifeline)
        lifeline.setblocking(False)
        with contextlib.suppress(OSError):  # the parent does not want to know
            write_frame(lifeline, encode(report))
        lifeline.close()

    def _sweep(self) -> None:
        """Kill processes that lost their parent inside a child's session and came to us."""
        if not self._adopts:
            return
        until = time.monotonic() + _SWEEP_SECONDS
        while time.monotonic() < until:
            orphans = [pid for pid in _children() if pid not in self._lifelines]
            if not orphans:
                return
            for pid in orphans:
                self._kill(pid)
            for pid in orphans:
                try:
                    os.waitpid(pid, 0)
                except ChildProcessError:
                    continue


def _children() -> list[int]:
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    try:
        return [int(pid) for pid in path.read_text(encoding="ascii").split()]
    except OSError:
        return []


def main(control: int, plan: dict[str, Any]) -> None:
    """Warm up, try the walls, then serve on the control socket with this descriptor.

    Args:
        control: the descriptor.
        plan: ``scratch`` (the folder of all children's folders; deleted when the parent dies),
            ``warm`` (modules to import before the first fork; one that cannot be imported is left
            out), ``jail`` (see confinement.py).
    """
    jail, births = build(plan["jail"])
    for module in plan["warm"]:
        try:
            __import__(module)
        except ImportError:
            continue
    # Up to here bytecode was cached, for the next start; a student's process writes none.
    sys.dont_write_bytecode = True
    # What the children share is left alone by their garbage collectors: every page they write to
    # would have to be copied.
    gc.collect()
    gc.freeze()
    report = examine(jail, births, plan)
    Server(socket.socket(fileno=control), plan["scratch"], jail, births).run(report)
