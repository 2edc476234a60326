"""A program as the sequence of what it does, without what is easily changed.

Comments, docstrings, blank lines and line breaks are left out; a variable, a function or a class
is "a name", whatever it is called; a text is "a text". What remains of a copy is the same after
its variables have got new names. The names of NumPy's and Python's own functions stay: nobody can
rename them, and two people who solve a task differently call different ones.

Sources are read by Pygments, which never runs them and has an answer for any text.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST_SOURCE = 200_000
"""Characters of one submission that are read, some thousands of lines; the rest is left out."""

_NAME, _TEXT, _NUMBER = "a name", "a text", "a number"
_DIGITS = 2
"""Longer numbers are settings, and changed first; 0, 1 and 2 are part of a formula."""


@dataclass(frozen=True)
class Tokens:
    """What one file does."""

    codes: NDArray[np.uint64]
    """A number for each token; equal tokens have equal numbers, on every machine."""
    lines: NDArray[np.int32]
    """The line that each stands on, from 1."""

    def __len__(self) -> int:
        return len(self.codes)


def tokens_of(text: str) -> Tokens:
    """The tokens of a Python source, correct or not."""
    from pygments.lexers.python import PythonLexer  # takes 50 ms, and only this command needs it

    codes: list[int] = []
    lines: list[int] = []
    line, last = 1, ""
    for kind, value in PythonLexer(stripnl=False).get_tokens(text[:LONGEST_SOURCE]):
        token = _token(_role(kind), value, last)
        if token:
            codes.append(_code(token))
            lines.append(line)
            last = token
        line += value.count("\n")
    return Tokens(np.array(codes, dtype=np.uint64), np.array(lines, dtype=np.int32))


def _token(role: str, value: str, last: str) -> str:
    """What a piece of source counts as; "" for nothing."""
    if role == "number":
        return value if len(value) <= _DIGITS else _NUMBER
    if role == "text":  # comes in pieces: quotes, what is between them
        return "" if last == _TEXT else _TEXT
    if role == "name":
        return value if last == "." and value in _library_names() else _NAME
    return value if role == "as it is" else ""


@functools.cache
def _role(kind: Any) -> str:
    from pygments.token import Keyword, Name, Number, Operator, Punctuation, String

    if kind in Number:
        return "number"
    if kind in String:
        return "" if kind in String.Doc else "text"
    if kind in Name and kind not in Name.Builtin:
        return "name"
    plain = (Name.Builtin, Keyword, Operator, Punctuation)
    return "as it is" if any(kind in each for each in plain) else ""


@functools.cache
def _code(token: str) -> int:
    # Python's own hash() is another in every process.
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "big")


@functools.cache
def _library_names() -> frozenset[str]:
    spaces = (np, np.ndarray, np.linalg, np.random, np.random.Generator, dict, list, str, set)
    return frozenset(name for space in spaces for name in dir(space) if not name.startswith("_"))
