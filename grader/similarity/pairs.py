"""Which of many works are alike, without comparing each with each.

An index from fingerprint to works gives the pairs that share some; only these are compared, token
by token. What was handed out (the template) and what many have (slides, the one way to write a
line) says nothing about two people and is left out of account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from grader.similarity.fingerprints import Hashes, fingerprints_of
from grader.similarity.passages import Passage, own_tokens, passages
from grader.similarity.work import Work

COMMON_SHARE, COMMON_LEAST, COMMON_MOST = 0.05, 5, 25
"""What more works have than this share of all, at least and at most so many, is common."""
CROWDED = 0.6
"""Of a work's own tokens: where so much is common, many may have copied from one place."""
LEAST_TOKENS = 80
"""Of a pair's own tokens that must be shared: about ten lines. Less happens by chance."""
UNUSUAL_SHARE, UNUSUAL_TOKENS = 0.8, 200
"""Of what a work has and few others have: so much in common, and at least so many tokens."""
_LEAST_FINGERPRINTS = 4
_MOST_CROWDED = 300
"""In a crowd each is looked at beside each: beyond this it takes longer than it tells."""
_MOST_OWNERS = 4 * COMMON_MOST
"""Works with one fingerprint that are paired: several attempts of those who may have it."""
MOST_COMPARED = 3000
"""Pairs that are compared token by token, those with most in common first."""


@dataclass(frozen=True)
class Pair:
    """Two works that have something in common that few others have."""

    one: Work
    other: Work
    shares: tuple[float, float]
    """0..1: the part of each work's own tokens (all but what was handed out) that the other has,
    too."""
    tokens: int
    """How many those are, in the first."""
    passages: tuple[Passage, ...]
    """Where, the longest first."""
    crowded: bool = False
    """Whether many others have this, too, so that who took it from whom is open."""

    @property
    def share(self) -> float:
        """The larger of both: who takes a part of another's long work has it all in common."""
        return max(self.shares)


@dataclass(frozen=True)
class Crowded:
    """A work most of which many others have, too: what no pair can show."""

    work: Work
    share: float
    """0..1, of its tokens that were not handed out."""


@dataclass(frozen=True)
class Search:
    """What was found, and what was left out of account."""

    pairs: tuple[Pair, ...]
    """The most alike first."""
    works: int
    common_above: int
    """What more works than this have was left out."""
    crowd: tuple[Crowded, ...]
    """Works that many may have taken from one place, most of it first."""
    compared: int
    cut: int = 0
    """Pairs that were not compared because there were too many."""


def find_pairs(works: Sequence[Work], given: Iterable[Work], least: float) -> Search:
    """The pairs of which one has at least the share ``least`` of its own tokens in common.

    Two works with an author in common are no pair: attempts of one student, or of a group.
    """
    works = sorted(works, key=lambda work: work.name)
    handed_out = np.unique(np.concatenate([_NONE, *(work.runs() for work in given)]))
    runs = [np.setdiff1d(work.runs(), handed_out, assume_unique=True) for work in works]
    above = common_above(len(_groups(works)))
    common = _common(works, runs, above)
    ignored = np.union1d(handed_out, common)
    candidates = _candidates(works, ignored)
    ranked = sorted(candidates, key=lambda pair: (-candidates[pair], pair))
    own = [sum(own_tokens(file, handed_out) for file in work.files) for work in works]
    found = [
        # What is common does not make two works alike; where they are, it belongs to the picture.
        compare(works[i], works[j], handed_out)
        for i, j in ranked[:MOST_COMPARED]
        if _alike(works[i], works[j], (own[i], own[j]), ignored, least)
    ]
    crowd = _crowd(works, handed_out, ignored)
    found += _crowded_pairs(crowd, len(works), handed_out, least)
    found.sort(key=lambda pair: (-pair.share, -pair.tokens, pair.one.name, pair.other.name))
    found = _once(found, _groups(works))
    compared = min(len(ranked), MOST_COMPARED)
    return Search(tuple(found), len(works), above, tuple(crowd), compared, len(ranked) - compared)


def common_above(people: int) -> int:
    """What more than so many have is common."""
    return max(COMMON_LEAST, min(COMMON_MOST, round(COMMON_SHARE * people)))


def compare(one: Work, other: Work, given: Hashes) -> Pair:
    """Two works, token by token; ``given`` are the runs that are nobody's own, sorted."""
    found, shared, own = passages(one.files, other.files, given)
    shares = tuple(
        min(1.0, part / whole) if whole else 0.0 for part, whole in zip(shared, own, strict=True)
    )
    return Pair(one, other, (shares[0], shares[1]), shared[0], tuple(found))


def _alike(one: Work, other: Work, own: tuple[int, int], ignored: Hashes, least: float) -> bool:
    """Whether two works have much in common that few others have.

    Much of all they wrote; or, where most of that is common, nearly all that is not.
    """
    _, shared, unusual = passages(one.files, other.files, ignored)
    if min(shared) < LEAST_TOKENS:
        return False
    return any(
        part >= least * whole or (part >= UNUSUAL_TOKENS and part >= UNUSUAL_SHARE * rare)
        for part, whole, rare in zip(shared, own, unusual, strict=True)
    )


_NONE = np.zeros(0, dtype=np.uint64)


def _once(pairs: Iterable[Pair], groups: Mapping[str, int]) -> list[Pair]:
    """Of the attempts of the same people the pair that comes first: the most alike."""
    best: dict[frozenset[int], Pair] = {}
    for pair in pairs:
        people = frozenset(groups[min(work.authors)] for work in (pair.one, pair.other))
        best.setdefault(people, pair)
    return list(best.values())


def _groups(works: Sequence[Work]) -> dict[str, int]:
    """Author -> the number of those who work together, over all that they handed in."""
    parent: dict[str, str] = {}

    def root(author: str) -> str:
        while parent.setdefault(author, author) != author:
            author = parent[author]
        return author

    for work in works:
        for author in work.authors:
            parent[root(author)] = root(min(work.authors))
    roots = {root(author): None for author in list(parent)}
    numbers = {name: number for number, name in enumerate(roots)}
    return {author: numbers[root(author)] for author in parent}


def _common(works: Sequence[Work], runs: Sequence[Hashes], above: int) -> Hashes:
    """The runs that more than ``above`` people or groups have."""
    groups = _groups(works)
    of_group: Mapping[int, list[Hashes]] = defaultdict(list)
    for work, hashes in zip(works, runs, strict=True):
        of_group[groups[min(work.authors)]].append(hashes)
    each = [np.unique(np.concatenate(hashes)) for hashes in of_group.values()]
    values, counts = np.unique(np.concatenate([_NONE, *each]), return_counts=True)
    return values[counts > above]


def _crowd(works: Sequence[Work], handed_out: Hashes, ignored: Hashes) -> list[Crowded]:
    """The works that are mostly what is common, though nobody handed it out."""
    found = []
    for work in works:
        own = sum(own_tokens(file, handed_out) for file in work.files)
        alone = sum(own_tokens(file, ignored) for file in work.files)
        if own >= LEAST_TOKENS and 1 - alone / own >= CROWDED:
            found.append(Crowded(work, 1 - alone / own))
    return sorted(found, key=lambda each: (-each.share, each.work.name))


def _crowded_pairs(
    crowd: Sequence[Crowded], works: int, handed_out: Hashes, least: float
) -> list[Pair]:
    """Everybody of a crowd beside the one most alike; none where the crowd is the whole class."""
    if len(crowd) > min(_MOST_CROWDED, max(COMMON_MOST, works / 2)):
        return []
    nearest = _nearest([each.work for each in crowd], handed_out)
    found = [replace(compare(*pair, handed_out), crowded=True) for pair in nearest]
    return [pair for pair in found if pair.share >= least and pair.tokens >= LEAST_TOKENS]


def _nearest(works: Sequence[Work], handed_out: Hashes) -> list[tuple[Work, Work]]:
    """Each work with the one of somebody else that has most in common with it."""
    groups = _groups(works)
    kept = [set(_kept(work, handed_out)) for work in works]
    pairs: dict[tuple[int, int], None] = {}
    for i, work in enumerate(works):
        others = [
            (-len(kept[i] & kept[j]) / len(kept[i] | kept[j]), j)
            for j, other in enumerate(works)
            if groups[min(work.authors)] != groups[min(other.authors)]
        ]
        if others:
            j = min(others)[1]
            pairs[min(i, j), max(i, j)] = None
    return [(works[i], works[j]) for i, j in pairs]


def _candidates(works: Sequence[Work], ignored: Hashes) -> dict[tuple[int, int], int]:
    """Pairs that share fingerprints -> how many."""
    owners: dict[int, list[int]] = defaultdict(list)
    for number, work in enumerate(works):
        for value in _kept(work, ignored):
            owners[value].append(number)
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for numbers in owners.values():
        for i, j in combinations(numbers[:_MOST_OWNERS], 2):
            counts[i, j] += 1
    groups = _groups(works)
    return {
        (i, j): shared
        for (i, j), shared in counts.items()
        if shared >= _LEAST_FINGERPRINTS
        and groups[min(works[i].authors)] != groups[min(works[j].authors)]
    }


def _kept(work: Work, ignored: Hashes) -> Iterator[int]:
    # Each file by itself: a run does not go from one file to the next.
    own = [fingerprints_of(file.runs[~np.isin(file.runs, ignored)]) for file in work.files]
    yield from np.unique(np.concatenate([_NONE, *own])).tolist()
