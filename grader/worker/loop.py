"""Serves the requests of one student's process, one after the other, until the stream closes.

A request is a dict with ``op``; the answer to it is exactly one value. When student code fails,
the answer is ``{"failed": description}`` (see failures.py), and the process lives on.

=========  =====================================================================================
op         what it does
=========  =====================================================================================
load       take the sources and rules; no student code runs yet
import     load one module: ``path``
call       ``path``, ``function``, ``keep``; a second message follows, the tuple of arguments
declared   ``path``, ``name``: the value of a module-level constant; with ``changes``, a handle
           for a copy of it
inspect    facts of sources, from their syntax trees; runs no student code
=========  =====================================================================================

Every request may carry ``release`` (ids of handles to forget) and ``cpu`` (seconds after which
the kernel ends the process, a backstop behind the other side's own watch).
"""

from __future__ import annotations

import contextlib
import math
import os
import socket
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

from . import calls, forbidden, lenient
from .compiled import Compiled
from .failures import describe
from .frames import Closed, read_frame, write_frame
from .generators import seed_generators
from .inspection import inspect_source
from .loader import Submission
from .rules import ImportRules
from .wire import DEFAULT_CAPS, Caps, Segment, TooLarge, Value, decode, encode

# The kernel's limit counts whole seconds and is only the backstop.
_CPU_MARGIN: Final = 2


class Session:
    """What one process knows: the submission, and what it keeps for handles."""

    def __init__(self, caps: Caps = DEFAULT_CAPS) -> None:
        self._caps = caps
        self._submission = Submission({}, ImportRules(()))
        self._vault = calls.Vault(0, caps)
        self._payload = bytearray()
        self._home = Path.cwd()
        self._compiled: dict[str, Compiled] = {}
        self._operations: dict[str, Callable[[dict[str, Any]], list[Segment]]] = {
            "load": self._load,
            "import": self._import,
            "call": self._call,
            "declared": self._declared,
            "inspect": self._inspect,
        }

    def answer(self, request: dict[str, Any], payload: bytearray) -> list[Segment]:
        """The encoded answer to one request.

        Args:
            request: the message.
            payload: the encoded arguments of a call.
        """
        self._payload = payload
        forbidden.forget()
        self._vault.release(request.get("release", ()))
        _limit_cpu(request.get("cpu"))
        try:
            return self._operations[request["op"]](request)
        except TooLarge as error:
            return encode({"failed": {"kind": "unsendable", "message": str(error)}})
        except BaseException as error:  # noqa: BLE001  student code may raise anything
            return encode({"failed": _described(error, self._submission.sources.keys())})
        finally:
            self._tidy()

    def _load(self, request: dict[str, Any]) -> list[Segment]:
        rules = ImportRules(**request["rules"])
        self._submission = Submission(
            dict(request["sources"]), rules, request.get("refused"), self._compiled
        )
        self._vault = calls.Vault(request.get("first_handle", 0), self._caps)
        seed_generators(request.get("seed", 0))
        return encode({"ok": True})

    def _import(self, request: dict[str, Any]) -> list[Segment]:
        calls.quiet()
        module = self._submission.module(request["path"])
        return encode({"names": [n for n in vars(module) if isinstance(n, str)]})

    def _call(self, request: dict[str, Any]) -> list[Segment]:
        module = self._submission.module(request["path"])
        function = vars(module)[request["function"]]
        if not callable(function):
            return encode({"failed": {"kind": "not callable", "type": type(function).__name__}})
        arguments = calls.Arguments(self._payload, self._vault)
        return calls.call(function, arguments, request["keep"], self._vault)

    def _declared(self, request: dict[str, Any]) -> list[Segment]:
        module = self._submission.module(request["path"])
        return calls.constant(vars(module), request["name"], self._vault, request.get("changes"))

    def _inspect(self, request: dict[str, Any]) -> list[Segment]:
        rules = ImportRules(**request["rules"])
        sources = dict(request["sources"])
        return encode(
            {
                path: inspect_source(path, sources, rules, self._compiled)
                for path in request["paths"]
            }
        )

    def _tidy(self) -> None:
        # What was printed is sent on before the answer; a student may have replaced or closed
        # the streams, and removed the folder.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BaseException):
                stream.flush()
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        with contextlib.suppress(OSError):
            os.chdir(self._home)


def serve(connection: socket.socket, caps: Caps = DEFAULT_CAPS) -> None:
    """Answer requests until the other side closes the stream."""
    forbidden.install()
    lenient.install(Path.cwd())
    session = Session(caps)
    while True:
        try:
            number, content = read_frame(connection, caps.total_bytes)
            request: Any = decode(content, caps)
            payload = bytearray()
            if request["op"] == "call":
                _, payload = read_frame(connection, caps.total_bytes)
        except Closed:
            return
        write_frame(connection, session.answer(request, payload), number)


def _described(error: BaseException, files: Collection[str]) -> dict[str, Value]:
    try:
        return describe(error, files)
    except BaseException:  # noqa: BLE001  its class may be the student's, down to its name
        builtin: list[Value] = ["Exception", "BaseException"]
        return {"kind": "raised", "type": "Exception", "builtin": builtin}


def _limit_cpu(seconds: float | None) -> None:
    if seconds is None:
        return
    try:
        import resource  # does not exist on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(time.process_time() + seconds) + _CPU_MARGIN
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
