"""What two works have in common, as passages that can be laid side by side.

Greedy tiling (M. J. Wise, "Running Karp-Rabin matching and greedy string tiling", 1993): the
longest run of equal tokens first, then the longest of what remains, so that no token counts twice
however the parts are ordered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.similarity.fingerprints import RUN, Hashes, covered
from grader.similarity.work import File

_MOST_REPEATS = 12
"""Places of one run in one file that are tried: repetition in a file proves nothing more."""


@dataclass(frozen=True)
class Passage:
    """Lines of one work, and those of another that do the same. Lines count from 1."""

    file: str
    first: int
    last: int
    other_file: str
    other_first: int
    other_last: int
    tokens: int


@dataclass(frozen=True)
class _Tile:
    """Tokens i..i+length of file a, equal to j..j+length of file b."""

    length: int
    a: int
    i: int
    b: int
    j: int


def passages(
    one: Sequence[File], other: Sequence[File], ignored: Hashes
) -> tuple[list[Passage], tuple[int, int], tuple[int, int]]:
    """The common passages, the longest first.

    Args:
        one: a work's files.
        other: another's.
        ignored: runs that count in neither, sorted.

    Returns:
        the passages; how many tokens of each work in them count, and how many tokens of each work
        count at all. A token counts when no ignored run covers it.
    """
    own = ([_own(file, ignored) for file in one], [_own(file, ignored) for file in other])
    taken = tuple(
        [np.zeros(len(file.tokens), dtype=bool) for file in side] for side in (one, other)
    )
    found = []
    tiles = [
        tile
        for a, mine in enumerate(one)
        for b, theirs in enumerate(other)
        for tile in _matches(mine, theirs, a, b, ignored)
    ]
    for tile in sorted(tiles, key=lambda t: (-t.length, t.a, t.i, t.b, t.j)):
        for start, stop in _free(tile, taken[0][tile.a], taken[1][tile.b]):
            taken[0][tile.a][tile.i + start : tile.i + stop] = True
            taken[1][tile.b][tile.j + start : tile.j + stop] = True
            found.append(_passage(one[tile.a], other[tile.b], tile, start, stop))
    shared = tuple(
        sum(int(np.sum(t & o)) for t, o in zip(taken[side], own[side], strict=True))
        for side in (0, 1)
    )
    whole = tuple(sum(int(o.sum()) for o in side) for side in own)
    found.sort(key=lambda p: (-p.tokens, p.file, p.first, p.other_file, p.other_first))
    return found, (shared[0], shared[1]), (whole[0], whole[1])


def own_tokens(file: File, ignored: Hashes) -> int:
    """How many tokens no ignored run covers."""
    return int(_own(file, ignored).sum())


def _own(file: File, ignored: Hashes) -> NDArray[np.bool_]:
    return ~covered(np.isin(file.runs, ignored), len(file.tokens))


def _matches(mine: File, theirs: File, a: int, b: int, ignored: Hashes) -> list[_Tile]:
    """All longest stretches of equal tokens that begin and end with a run of their own.

    What lies between may be ignored runs: a passage is not torn by a line of the template.
    """
    both = np.intersect1d(mine.runs, theirs.runs)
    own = ~np.isin(mine.runs, ignored)
    if not own[np.isin(mine.runs, both)].any():
        return []
    places: dict[int, list[int]] = defaultdict(list)
    for j in np.flatnonzero(np.isin(theirs.runs, both)).tolist():
        places[int(theirs.runs[j])].append(j)
    diagonals: dict[int, list[int]] = defaultdict(list)
    for i in np.flatnonzero(np.isin(mine.runs, both)).tolist():
        for j in places[int(mine.runs[i])][:_MOST_REPEATS]:
            diagonals[j - i].append(i)
    tiles = []
    for shift, starts in diagonals.items():
        for start, stop in _stretches(starts):
            counted = np.flatnonzero(own[start:stop])
            if len(counted):
                first, last = start + int(counted[0]), start + int(counted[-1])
                tiles.append(_Tile(last - first + RUN, a, first, b, first + shift))
    return tiles


def _stretches(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Where ascending numbers follow each other without a gap: (first, last + 1)."""
    array = np.array(numbers)
    for stretch in np.split(array, np.flatnonzero(np.diff(array) != 1) + 1):
        yield int(stretch[0]), int(stretch[-1]) + 1


def _free(tile: _Tile, mine: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The parts of a tile that no longer one has taken, where they are still long enough."""
    stop = tile.length
    free = ~(mine[tile.i : tile.i + stop] | theirs[tile.j : tile.j + stop])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    return [(int(s), int(e)) for s, e in zip(edges[::2], edges[1::2], strict=True) if e - s >= RUN]


def _passage(mine: File, theirs: File, tile: _Tile, start: int, stop: int) -> Passage:
    lines, other = mine.tokens.lines, theirs.tokens.lines
    return Passage(
        mine.path,
        int(lines[tile.i + start]),
        int(lines[tile.i + stop - 1]),
        theirs.path,
        int(other[tile.j + start]),
        int(other[tile.j + stop - 1]),
        stop - start,
    )
