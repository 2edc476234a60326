"""Many calls in one request, each with an answer of its own.

What a small function costs is not its own time but that of asking: waking two processes, writing
and reading messages. So calls are asked for in series. Each call has its own deadline, but the
answers of quick ones come together, in one message.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, cast

from .calls import Arguments, Vault, call
from .loader import Submission
from .targets import Target, reached
from .variants import Group, variants_of
from .wire import Reader, Segment, encode, named_list

_HOLD_SECONDS: Final = 0.03
"""How long an answer waits for the next one; nothing beside the deadline of a call."""
_HOLD_BYTES: Final = 1 << 16

Work = Callable[[], list[Segment]]
"""Carries out one call and encodes its answer; raises whatever the student's function does."""


class Together:
    """Answers to the calls of a series, quick ones together: ``{"answers": [...]}`` each time."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0
        self._since = time.monotonic()

    def put(self, answer: list[Segment], *, hold: bool) -> Iterator[list[Segment]]:
        """Take one call's answer.

        Args:
            answer: encoded.
            hold: whether it may wait for the next one, since that will come.

        Yields:
            What is to be sent now.
        """
        size = sum(map(len, answer))
        if size > _HOLD_BYTES:
            yield from self._sent()
            yield named_list("answers", 1, answer)
            return
        # Copied: what one call has returned, the next one may change.
        self._held.append(b"".join(answer))
        self._size += size
        late = time.monotonic() - self._since > _HOLD_SECONDS
        if not hold or late or self._size > _HOLD_BYTES:
            yield from self._sent()

    def _sent(self) -> Iterator[list[Segment]]:
        if self._held:
            yield named_list("answers", len(self._held), self._held)
        self._held, self._size = [], 0
        self._since = time.monotonic()


class Series:
    """The calls of one student's process that are asked for in series."""

    def __init__(self, submission: Submission, vault: Vault) -> None:
        self._submission = submission
        self._vault = vault

    def calls(self, request: Mapping[str, Any], payload: bytearray) -> Iterator[tuple[Work, bool]]:
        """The work of one ``calls`` request.

        Args:
            request: ``calls``: of each the path, the function, which elements of a returned tuple
                stay inside (as [position, number of the handle to stand for it]), how many bytes
                of the payload are its arguments, and whether its answer may wait for the next one.
            payload: the encoded arguments of all calls.

        Yields:
            The work, and ``hold``.
        """
        rest = memoryview(payload)
        for path, name, kept, size, hold in request["calls"]:
            content, rest = rest[:size], rest[size:]

            yield partial(self._called, path, name, dict(kept), content), hold

    def _called(
        self, path: str, name: str, kept: dict[int, int], content: memoryview
    ) -> list[Segment]:
        function = self._function(path, name)
        if not callable(function):
            return not_callable(function)
        return call(function, Arguments(content, self._vault), kept, self._vault)

    def variants(self, request: Mapping[str, Any], payload: bytearray) -> Iterator[Work]:
        """The work of one ``vary`` request: a function on changed copies of the same arguments.

        Args:
            request: ``path``, ``function``; ``only``: which element of a returned tuple is wanted,
                or None for the whole answer.
            payload: the encoded arguments, then a list of variants: of each a list of changes, and
                of these the path of positions and keys and what to put there. Those that differ in
                an entry of an array come together, in a dict: its path ``at``, the ``entries``
                (a row of indices each) and the ``values`` that stand there.

        Yields:
            The work of as many variants as are done in no time; variants.py tells its answer.
        """
        reader = Reader(payload, self._vault.caps, self._vault.get)
        arguments: Any = list(cast("tuple[Any, ...]", reader.read()))
        waiting = variants_of(arguments, reader.read())
        reader.finish()
        group = Group(waiting, self._vault.caps)
        while group.more:
            yield partial(self._varied, group, request)

    def _varied(self, group: Group, request: Mapping[str, Any]) -> list[Segment]:
        function = self._function(request["path"], request["function"])
        if not callable(function):
            return not_callable(function)
        return group.answer(function, request["only"])

    def _function(self, path: str, name: str) -> Any:
        self._submission.entered = Target.of(name).owner
        return reached(vars(self._submission.module(path)), name)


def not_callable(value: object) -> list[Segment]:
    """The answer to a call of what is no function."""
    return encode({"failed": {"kind": "not callable", "type": type(value).__name__}})
