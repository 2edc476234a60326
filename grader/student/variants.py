"""Many calls of one function that differ a little in their arguments, and what they gave.

Central differences ask for hundreds; see grader/worker/variants.py for the other side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.bundle import ArgumentPath
from grader.worker.wire import DEFAULT_CAPS, Caps, Value, encode

_LONGEST_TUPLE: Final = 64
"""More elements than any function is asked for; what is said of a tuple's length is not trusted."""

Change = tuple[ArgumentPath, Any]
"""Where in the arguments something else is put (position, key, ...), and what."""


@dataclass(frozen=True)
class Entries:
    """Variants of which each has another number in one entry of an array of the arguments."""

    at: ArgumentPath
    """Where the array is; of float64."""
    entries: NDArray[np.int64]
    """A row a variant: the entry's index."""
    values: NDArray[np.float64]
    """What stands there."""


Variants = Sequence[Sequence[Change] | Entries]
"""Of each variant what is changed in the arguments; many that are alike together."""


@dataclass(frozen=True)
class Question:
    """Arguments and variants of them, as they are sent; often the same for every submission."""

    content: bytes
    number: int
    """How many variants there are."""

    @classmethod
    def of(cls, args: Sequence[Any], variants: Variants, caps: Caps = DEFAULT_CAPS) -> Question:
        """Encode them.

        Args:
            args: values.
            variants: of each call what is changed; at least one.
            caps: how large each half of the message may be.

        Raises:
            TooLarge: it would be larger.
        """
        changes = [
            {"at": list(each.at), "entries": each.entries, "values": each.values}
            if isinstance(each, Entries)
            else [[list(where), what] for where, what in each]
            for each in variants
        ]
        content = b"".join([*encode(tuple(args), caps), *encode(changes, caps)])
        sizes = [len(each.values) if isinstance(each, Entries) else 1 for each in variants]
        return cls(content, sum(sizes))


@dataclass(frozen=True)
class Alike:
    """Values of variants that follow one another, all floats or all arrays of one shape."""

    rows: NDArray[np.float64]
    """One each."""
    length: int | None
    """Of the tuples that they are an element of; None where each is all that was returned."""


def number_of(values: Sequence[Value | Alike]) -> int:
    """How many values there are."""
    return sum(len(value.rows) if isinstance(value, Alike) else 1 for value in values)


def taken_apart(answer: Any) -> list[Value | Alike] | None:
    """The values in an answer to variants, at least one; None when it holds none.

    Args:
        answer: as grader/worker/variants.py makes it, or whatever a student's process sends.
    """
    chunks = answer.get("values") if isinstance(answer, dict) else None
    if not isinstance(chunks, list):
        return None
    values: list[Value | Alike] = []
    for chunk in chunks:
        if isinstance(chunk, list) and len(chunk) == 1:
            values.append(chunk[0])
            continue
        alike = _alike(chunk)
        if alike is None:
            return None
        values.append(alike)
    return values or None


def _alike(chunk: Any) -> Alike | None:
    if not isinstance(chunk, dict):
        return None
    rows, length = chunk.get("alike"), chunk.get("of")
    if not isinstance(rows, np.ndarray) or rows.dtype != np.float64:
        return None
    if not rows.shape or not len(rows) or (length is not None and type(length) is not int):
        return None
    return Alike(rows, length)


def one_by_one(values: Sequence[Value | Alike], only: int | None) -> list[Value]:
    """Each value as the function returned it, but for elements of tuples that are not wanted.

    Args:
        values: of a function's variants.
        only: which element of a returned tuple was wanted.
    """
    found: list[Value] = []
    for value in values:
        if not isinstance(value, Alike):
            found.append(value)
            continue
        rows: list[Any] = value.rows.tolist() if value.rows.ndim == 1 else list(value.rows)
        if value.length is None:
            found += rows
        else:
            places = range(min(value.length, _LONGEST_TUPLE))
            found += [tuple(row if i == only else None for i in places) for row in rows]
    return found
