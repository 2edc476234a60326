"""Many calls in one request, each with an answer of its own.

What a small function costs is not its own time but that of asking: waking two processes, writing
and reading messages. So calls are asked for in series. Their answers come one by one, since each
call has its own deadline, but quick ones come together.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from .calls import Arguments, Vault, call, quiet
from .frames import header, joined
from .loader import Submission
from .tensors import as_array
from .wire import Reader, Segment, encode

_HOLD_SECONDS: Final = 0.01
"""How long an answer waits for the next one; nothing beside the deadline of a call."""
_HOLD_BYTES: Final = 1 << 16

Work = Callable[[], list[Segment]]
"""Carries out one call and encodes its answer; raises whatever the student's function does."""


class Outbox:
    """Sends answers, quick ones together.

    Args:
        connection: where they go; blocks until they are sent.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._held = bytearray()
        self._since = 0.0

    def put(self, segments: Sequence[Segment], number: int, *, hold: bool) -> None:
        """Send an answer.

        Args:
            segments: the encoded answer.
            number: of the request it answers.
            hold: whether it may wait for the next one, since that will come.
        """
        message = [header(segments, number), *segments]
        size = len(self._held) + sum(map(len, message))
        if hold and size < _HOLD_BYTES and time.monotonic() - self._since < _HOLD_SECONDS:
            # Copied: what one call has returned, the next one may change.
            self._held += b"".join(message)
            return
        held, self._held = bytes(self._held), bytearray()
        for segment in joined([held, *message]):
            self._connection.sendall(segment)
        self._since = time.monotonic()


class Series:
    """The calls of one student's process that are asked for in series."""

    def __init__(self, submission: Submission, vault: Vault) -> None:
        self._submission = submission
        self._vault = vault

    def calls(self, request: Mapping[str, Any], payload: bytearray) -> Iterator[tuple[Work, bool]]:
        """The work of one ``calls`` request.

        Args:
            request: ``calls``: of each ``path``, ``function``, ``keep`` (which elements of a
                returned tuple stay inside, as [position, number of the handle to stand for it]),
                ``bytes`` (how many of the payload are its arguments) and ``hold`` (whether its
                answer may wait for the next one).
            payload: the encoded arguments of all calls.

        Yields:
            The work, and ``hold``.
        """
        rest = memoryview(payload)
        for each in request["calls"]:
            content, rest = rest[: each["bytes"]], rest[each["bytes"] :]

            def work(
                each: Mapping[str, Any] = each, content: memoryview = content
            ) -> list[Segment]:
                function = self._function(each)
                if not callable(function):
                    return not_callable(function)
                keep = dict(each["keep"])
                return call(function, Arguments(content, self._vault), keep, self._vault)

            yield work, each["hold"]

    def variants(
        self, request: Mapping[str, Any], payload: bytearray
    ) -> Iterator[tuple[Work, bool]]:
        """The work of one ``vary`` request: a function on changed copies of the same arguments.

        Args:
            request: ``path``, ``function``; ``only``: which element of a returned tuple is wanted,
                or None for the whole answer.
            payload: the encoded arguments, then a list of variants. Each is a list of changes: a
                path of positions and keys, and what to put there.

        Yields:
            The work, and whether its answer may be held back.
        """
        reader = Reader(payload, self._vault.caps, self._vault.get)
        arguments: Any = reader.read()
        variants: Any = reader.read()
        reader.finish()
        for number, changes in enumerate(variants, 1):

            def work(changes: Any = changes) -> list[Segment]:
                function = self._function(request)
                if not callable(function):
                    return not_callable(function)
                changed = _copy(list(arguments))
                for path, value in changes:
                    _put(changed, path, value)
                quiet()
                result = function(*changed)
                only = request["only"]
                if only is not None and isinstance(result, tuple | list):
                    result = tuple(e if i == only else None for i, e in enumerate(result))
                return encode({"value": result, "modified": ()}, self._vault.caps, as_array)

            yield work, number < len(variants)

    def _function(self, request: Mapping[str, Any]) -> Any:
        return vars(self._submission.module(request["path"]))[request["function"]]


def not_callable(value: object) -> list[Segment]:
    """The answer to a call of what is no function."""
    return encode({"failed": {"kind": "not callable", "type": type(value).__name__}})


def _copy(tree: Any) -> Any:
    """The value as if it had just been read: nothing in it is shared but objects of handles."""
    if type(tree) is np.ndarray:
        return tree.copy()
    if type(tree) is list:
        return [_copy(element) for element in tree]
    if type(tree) is dict:
        return {key: _copy(element) for key, element in tree.items()}
    return tree


def _put(tree: Any, path: Sequence[Any], value: Any) -> None:
    for key in path[:-1]:
        tree = tree[key]
    tree[path[-1]] = value
