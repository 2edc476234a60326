"""Calls that are asked for all at once."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grader.student.errors import StudentError
from grader.student.host import Errand, Host
from grader.worker.wire import Handle, Segment, encode_bytes

_ENOUGH_BYTES: Final = 8 << 20
"""Of one message; far from what a process takes."""


@dataclass(frozen=True)
class Kept:
    """Among the arguments of a call: an element of what an earlier call of the series returned."""

    call: int
    """The earlier call's position in the series."""
    position: int
    """Which element of the tuple it returned; one that the earlier call keeps inside."""


@dataclass(frozen=True)
class Call:
    """One call of a series."""

    function: str
    args: Sequence[Any]
    """Values, handles, and Kept."""
    keep: Collection[int] = ()
    """Positions in a returned tuple or list that stay inside, as handles."""
    encoded: bytes | None = None
    """``args``, where they are known in this form."""


class Plan:
    """Those calls of a series that can be asked for, as one message.

    Args:
        host: whose process it is for.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._handles: dict[Kept, Handle] = {}
        self._requests: list[list[Any]] = []
        self._functions: list[str] = []
        self._payload: list[Segment] = []
        self._size = 0
        self.numbers: list[int] = []
        """Of the calls that are asked for: their positions in the series."""
        self.errands: list[Errand] = []
        """What each of them is for."""

    def add(self, number: int, call: Call, path: str, errand: Errand) -> None:
        """Ask for a call, unless it is to be given what a call that is not asked for returns.

        Nothing is added any more when the message has got large.

        Args:
            number: its position in the series.
            call: what to call.
            path: the file that defines it.
            errand: what to say of it.
        """
        if self._size > _ENOUGH_BYTES:
            return
        if any(isinstance(value, Kept) and value not in self._handles for value in call.args):
            return
        args = [self._handles[value] if isinstance(value, Kept) else value for value in call.args]
        kept = {position: Handle(self._host.process.choose_handle()) for position in call.keep}
        self._handles.update({Kept(number, position): handle for position, handle in kept.items()})
        content = call.encoded or encode_bytes(tuple(args), self._host.limits.caps)
        self._payload.append(content)
        self._size += len(content)
        keep = [[position, handle.id] for position, handle in kept.items()]
        self._requests.append([path, call.function, keep, len(content)])
        self._functions.append(call.function)
        self.numbers.append(number)
        self.errands.append(errand)

    def carry_out(
        self, answered: Collection[str], *, together: bool = True
    ) -> tuple[list[tuple[Any, float]], StudentError | None]:
        """Ask, and take the answers.

        Args:
            answered: functions that have answered before.
            together: whether answers may wait for one another.

        Returns:
            Of each call its answer and CPU seconds, as far as there are answers; and why the next
            one has none, if it is known that it was that one which ended the process.
        """
        held = _holding_back(self._functions, answered)
        if not together:
            held = [False] * len(held)
        calls = [[*request, hold] for request, hold in zip(self._requests, held, strict=True)]
        message = {"op": "calls", "calls": calls}
        answers, error = self._host.ask_each(message, self.errands, self._payload)
        # One that could wait may have answered, and a later one have ended the process.
        known = error is not None and not held[len(answers)]
        return answers, error if known else None


def _holding_back(functions: Sequence[str], answered: Collection[str]) -> list[bool]:
    """Which answers may wait for the next one.

    When a process ends, answers that wait are lost, and it is not known which call has ended it.
    So a function's first answer does not wait, and none waits for a function's first answer.
    """
    seen = set(answered)
    held = []
    for this, following in itertools.zip_longest(functions, functions[1:]):
        held.append(this in seen and (following in seen or following == this))
        seen.add(this)
    return held
