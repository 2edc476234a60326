"""Serves the requests of one student's process, one after the other, until the stream closes.

A request is a dict with ``op``; the answer to it is exactly one value, or some of them. When
student code fails, the answer is ``{"failed": description}`` (see failures.py), and the process
lives on.

=========  =====================================================================================
op         what it does
=========  =====================================================================================
load       take the sources and rules; no student code runs yet
import     load one module: ``path``
call       ``path``, ``function`` (see targets.py), ``keep``; a second message follows, the tuple
           of arguments
calls      many calls, whose answers come in some messages; a second message follows (see
           series.py)
vary       one function on many variants of its arguments; likewise (see variants.py)
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
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, Final

from . import calls, forbidden, lenient, older
from .compiled import Compiled
from .failures import describe
from .frames import Closed, read_frame, write_frame
from .generators import seed_generators
from .inspection import inspect_source
from .loader import Submission
from .rules import ImportRules
from .series import Series, Together, Work, not_callable
from .targets import Target, reached
from .wire import DEFAULT_CAPS, Caps, Segment, TooLarge, Value, decode, encode

# The kernel's limit counts whole seconds and is only the backstop.
_CPU_MARGIN: Final = 2
_WITH_PAYLOAD: Final = frozenset({"call", "calls", "vary"})


class Session:
    """What one process knows: the submission, and what it keeps for handles."""

    def __init__(self, caps: Caps = DEFAULT_CAPS) -> None:
        self._caps = caps
        self._submission = Submission({}, ImportRules(()))
        self._vault = calls.Vault(0, caps)
        self._series = Series(self._submission, self._vault)
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

    def answers(self, request: dict[str, Any], payload: bytearray) -> Iterator[list[Segment]]:
        """The encoded answers to one request.

        Args:
            request: the message.
            payload: the encoded arguments of calls.

        Yields:
            Each as soon as it is to be sent.
        """
        self._vault.release(request.get("release", ()))
        cpu_seconds = request.get("cpu")
        if request["op"] == "calls":
            together = Together()
            for work, hold in self._series.calls(request, payload):
                yield from together.put(self._attempt(work, cpu_seconds), hold=hold)
        elif request["op"] == "vary":
            for work in self._series.variants(request, payload):
                yield self._attempt(work, cpu_seconds)
        else:
            self._payload = payload
            operation = self._operations[request["op"]]
            yield self._attempt(lambda: operation(request), cpu_seconds)

    def _attempt(self, work: Work, cpu_seconds: float | None) -> list[Segment]:
        forbidden.forget()
        _limit_cpu(cpu_seconds)
        try:
            return work()
        except TooLarge as error:
            return encode({"failed": {"kind": "unsendable", "message": str(error)}})
        except BaseException as error:  # noqa: BLE001  student code may raise anything
            files = self._submission.sources.keys()
            return encode({"failed": _described(error, files, str(self._home))})
        finally:
            self._tidy()

    def _load(self, request: dict[str, Any]) -> list[Segment]:
        rules = ImportRules(**request["rules"])
        self._submission = Submission(
            dict(request["sources"]), rules, request.get("refused"), self._compiled
        )
        self._vault = calls.Vault(request.get("first_handle", 0), self._caps)
        self._series = Series(self._submission, self._vault)
        seed_generators(request.get("seed", 0))
        return encode({"ok": True})

    def _import(self, request: dict[str, Any]) -> list[Segment]:
        calls.quiet()
        self._submission.entered = ""
        module = self._submission.module(request["path"])
        return encode({"names": [n for n in vars(module) if isinstance(n, str)]})

    def _call(self, request: dict[str, Any]) -> list[Segment]:
        self._submission.entered = Target.of(request["function"]).owner
        module = self._submission.module(request["path"])
        function = reached(vars(module), request["function"])
        if not callable(function):
            return not_callable(function)
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
    older.install()
    session = Session(caps)
    while True:
        try:
            number, content = read_frame(connection, caps.total_bytes)
            request: Any = decode(content, caps)
            payload = bytearray()
            if request["op"] in _WITH_PAYLOAD:
                _, payload = read_frame(connection, caps.total_bytes)
        except Closed:
            return
        # Each answer has a number of its own, so that the two sides stay in step.
        for offset, answer in enumerate(session.answers(request, payload)):
            write_frame(connection, answer, number + offset)


def _described(error: BaseException, files: Collection[str], home: str) -> dict[str, Value]:
    try:
        return describe(error, files, home)
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
