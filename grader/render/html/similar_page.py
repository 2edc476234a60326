"""The page of `grade similar`: each pair's passages side by side, in one file without network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.render.html.environment import environment, policy
from grader.render.similar import NO_VERDICT, file_of, headline, percent, remarks, where
from grader.similarity.pairs import Pair, Search
from grader.similarity.passages import Passage
from grader.similarity.reading import Unread
from grader.similarity.work import Work
from grader.untrusted import shown

MOST_PAIRS, MOST_PASSAGES, MOST_LINES = 200, 12, 60
"""What one page shows; the CSV and the JSON hold all pairs."""
_WIDEST, _DEEPEST = 200, 60


@dataclass(frozen=True)
class _Side:
    """Lines of one work."""

    where: str
    lines: tuple[tuple[int, str], ...]
    left_out: int


@dataclass(frozen=True)
class _Shown:
    """One pair."""

    one: str
    other: str
    shares: tuple[str, str]
    tokens: int
    crowded: bool
    passages: tuple[tuple[_Side, _Side], ...]
    left_out: int


def write(search: Search, unread: Sequence[Unread], title: str, path: Path) -> None:
    """Write the page as one self-contained file."""
    shown_pairs = [_shown(pair) for pair in search.pairs[:MOST_PAIRS]]
    page = (
        environment()
        .get_template("similar.html")
        .stream(
            title=title,
            headline=headline(search),
            no_verdict=NO_VERDICT,
            remarks=remarks(search, unread),
            pairs=shown_pairs,
            left_out=len(search.pairs) - len(shown_pairs),
            policy=policy(),
        )
    )
    with path.open("wb") as file:
        page.dump(file, encoding="utf-8")


def _shown(pair: Pair) -> _Shown:
    passages = pair.passages[:MOST_PASSAGES]
    return _Shown(
        pair.one.name,
        pair.other.name,
        (percent(pair.shares[0]), percent(pair.shares[1])),
        pair.tokens,
        pair.crowded,
        tuple(
            (_side(pair.one, each, other=False), _side(pair.other, each, other=True))
            for each in passages
        ),
        len(pair.passages) - len(passages),
    )


def _side(work: Work, passage: Passage, *, other: bool) -> _Side:
    first = passage.other_first if other else passage.first
    last = passage.other_last if other else passage.last
    path = passage.other_file if other else passage.file
    lines = tuple(_lines(file_of(work, path).text, first, min(last, first + MOST_LINES - 1)))
    return _Side(where(work, passage, other=other), lines, last - first + 1 - len(lines))


def _lines(text: str, first: int, last: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n")[first - 1 : last], start=first):
        code = line.expandtabs(4)
        indent = len(code) - len(code.lstrip())
        yield number, " " * min(indent, _DEEPEST) + shown(code, _WIDEST)
