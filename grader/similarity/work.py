"""What one or several people handed in together, as it is compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from grader.similarity.fingerprints import Hashes, runs_of
from grader.similarity.tokens import LONGEST_SOURCE, Tokens, tokens_of

MOST_FILES = 200


class Source(Protocol):
    """A file as intake gives it."""

    @property
    def path(self) -> str:
        """Relative to the submission's root."""

    @property
    def text(self) -> str:
        """What is in it."""

    @property
    def notebook(self) -> str | None:
        """The notebook it was made from."""


@dataclass(frozen=True)
class File:
    """One source file."""

    path: str
    text: str
    """As it was read; of a notebook, the module that was made of its code cells."""
    tokens: Tokens
    runs: Hashes = field(repr=False)
    """The hash of each run of tokens (see grader/similarity/fingerprints.py)."""
    notebook: str | None = None
    """The notebook it was made from."""


@dataclass(frozen=True)
class Work:
    """All Python of one submission."""

    name: str
    """What the results call it."""
    authors: frozenset[str]
    """Ids of those whose it is: several of a group."""
    files: tuple[File, ...]

    def runs(self) -> Hashes:
        """The runs of all files, each once, sorted."""
        return np.unique(np.concatenate([_NONE, *(file.runs for file in self.files)]))

    @property
    def tokens(self) -> int:
        """Of all files."""
        return sum(len(file.tokens) for file in self.files)


_NONE = np.zeros(0, dtype=np.uint64)


def work_of(name: str, authors: Iterable[str], sources: Iterable[Source]) -> Work:
    """A submission, read. Of what is very long only the beginning counts."""
    files, left = [], LONGEST_SOURCE
    for source in sorted(sources, key=lambda each: each.path)[:MOST_FILES]:
        text = source.text[:left]
        left -= len(text)
        tokens = tokens_of(text)
        files.append(File(source.path, text, tokens, runs_of(tokens.codes), source.notebook))
    return Work(name, frozenset(authors), tuple(files))
