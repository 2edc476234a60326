"""How much CPU time the functions of a submission themselves take, without anything around them.

What a grader sends to students' processes is recorded, then carried out in this process, with a
clock around each call of a student's function from outside and around each module's import, which
is parsing, compiling and running it. The samples are ours; nothing else may be run like this.
"""

from __future__ import annotations

import ast
import functools
import tempfile
import time
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fixtures.samples import Sample
from grader.cli.preparation import prepared
from grader.grading import grade
from grader.sandbox import Channel
from grader.worker.loop import Session
from grader.worker.wire import decode, encode

Sent = tuple[int, bytes, bytes]
"""Which process, the message, the arguments."""


class Clock:
    """CPU seconds inside what it was put around; calls within calls count once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._depth = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what is done meanwhile."""
        self._depth += 1
        began = time.process_time()
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                self.seconds += time.process_time() - began

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, counted."""

        @functools.wraps(function)
        def counted(*args: Any) -> Any:
            if self._depth:
                return function(*args)
            with self.running():
                return function(*args)

        return counted


def own_seconds(samples: Iterable[Sample], *, train: bool) -> list[float]:
    """CPU seconds of each sample's own functions and modules when it is marked.

    Args:
        samples: what to mark.
        train: whether their networks are trained.
    """
    with prepared("hw3", visibility="hidden", seed="benchmark", insecure=True) as (marking, server):
        found = []
        for sample in samples:
            with tempfile.TemporaryDirectory() as scratch, _recorded() as sent:
                path = sample.write_zip(Path(scratch))
                grade(path, marking, train=train, server=server, jobs=1)
            _replayed(sent)  # caches of NumPy and Python are warm in a server, too
            found.append(_replayed(sent))
        return found


@contextmanager
def _recorded() -> Iterator[list[Sent]]:
    """Everything that is sent to students' processes meanwhile."""
    sent: list[Sent] = []
    request, ask = Channel.request, Channel.ask

    def note(channel: Channel, message: Any, payload: bytes) -> None:
        # No limit of CPU time: it would be this process's.
        sent.append((id(channel), b"".join(encode({**message, "cpu": None})), payload))

    def requesting(channel: Channel, message: Any, deadline: Any, payload: Any = None) -> Any:
        note(channel, message, b"" if payload is None else b"".join(encode(tuple(payload))))
        return request(channel, message, deadline, payload)

    def asking(channel: Channel, message: Any, deadline: Any, payload: Any) -> Any:
        note(channel, message, b"".join(payload))
        return ask(channel, message, deadline, payload)

    Channel.request, Channel.ask = requesting, asking  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        Channel.request, Channel.ask = request, ask  # type: ignore[method-assign]


def _replayed(sent: Iterable[Sent]) -> float:
    clock = Clock()
    sessions: dict[int, Session] = {}
    for process, message, payload in sent:
        session = sessions.setdefault(process, Session())
        request: Any = decode(message)
        if request["op"] == "inspect":
            # What is parsed and compiled here is not when it is imported.
            for path in request["paths"]:
                with clock.running():
                    compile(ast.parse(request["sources"][path], path), path, "exec")
        if request["op"] == "import":
            with clock.running():
                answers = list(session.answers(request, bytearray(payload)))
            _count(session, request["path"], clock)
        else:
            answers = list(session.answers(request, bytearray(payload)))
        del answers
    return clock.seconds


def _count(session: Session, path: str, clock: Clock) -> None:
    """Put the clock around a module's functions, as they are called from outside."""
    names = vars(session._submission.module(path))  # noqa: SLF001 - nobody else needs it
    for name, value in list(names.items()):
        if isinstance(value, types.FunctionType) and not name.startswith("__"):
            names[name] = clock.around(value)
