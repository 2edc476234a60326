"""What is looked up of a program: hashes of short runs of tokens, and a sample of them.

Winnowing (S. Schleimer, D. S. Wilkerson, A. Aiken: "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003): of every WINDOW neighbouring runs the one with the smallest hash is
kept. Two programs that share RUN + WINDOW - 1 tokens in a row share a fingerprint for certain.

The library copydetect does the same and was tried. It hashes with Python's hash(), which is
another in every process: the same two files were 2.1 % alike in one run and 3.4 % in the next. A
list that people are asked about must not depend on the day.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

RUN = 18
"""Tokens that count as having something in common, about two lines of NumPy."""
WINDOW = 8
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd: no bit of an early token is shifted out


def runs_of(codes: Hashes) -> Hashes:
    """The hash of each run of RUN tokens; the run at i begins with token i."""
    if len(codes) < RUN:
        return np.zeros(0, dtype=np.uint64)
    hashes = np.zeros(len(codes) - RUN + 1, dtype=np.uint64)
    for offset in range(RUN):
        hashes = hashes * _BASE + codes[offset : offset + len(hashes)]
    # Winnowing takes the smallest: the low bits of a sum of products would favour some tokens.
    hashes ^= hashes >> np.uint64(31)
    return hashes * _BASE


def fingerprints_of(runs: Hashes) -> Hashes:
    """The runs that are kept to look programs up by, each once, sorted."""
    if len(runs) < WINDOW:
        return np.unique(runs)
    return np.unique(sliding_window_view(runs, WINDOW).min(axis=1))


def covered(where: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Which of ``length`` tokens lie in a run that begins where ``where`` is true."""
    marks = np.zeros(length + 1, dtype=np.int32)
    starts = np.flatnonzero(where)
    np.add.at(marks, starts, 1)
    np.add.at(marks, starts + RUN, -1)
    return np.cumsum(marks[:length]) > 0
