"""grader/similarity/tokens.py: what is easily changed does not count, what is done does."""

from __future__ import annotations

import numpy as np
import pytest

from grader.similarity.tokens import tokens_of
from grader.similarity.work import work_of
from tests.grader.similarity.conftest import work

SOURCE = '''\
def conv(x, w):
    """Convolves."""
    out = np.zeros((2, 3))  # the result
    for i in range(len(x)):
        out[i] = np.sum(x[i] * w) + 0.25
    return "done", out
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("out", "result"),
        ("conv", "my_own_function"),
        ('    """Convolves."""\n', ""),
        ("  # the result", "  # mine"),
        ("    for i", "\n\n    # now the loop\n    for i"),
        ("x[i] * w", "x[ i ]*w"),
        ("(x[i] * w)", "(\n        x[i]\n        * w\n    )"),
        ("0.25", "0.75"),
        ('"done"', "'finished, at last'"),
    ],
)
def test_what_is_easily_changed_does_not_count(old: str, new: str) -> None:
    """Names, comments, docstrings, blanks, line breaks, settings, texts."""
    assert old in SOURCE
    changed = tokens_of(SOURCE.replace(old, new))
    assert changed.codes.tolist() == tokens_of(SOURCE).codes.tolist()


@pytest.mark.parametrize(
    ("old", "new"),
    [("np.sum", "np.mean"), ("+ 0.25", "- 0.25"), ("range(len(x))", "range(2)"), ("[i]", "[i, 0]")],
)
def test_what_is_done_counts(old: str, new: str) -> None:
    """Functions of NumPy and Python, operators, indices."""
    assert tokens_of(SOURCE.replace(old, new)).codes.tolist() != tokens_of(SOURCE).codes.tolist()


def test_tokens_know_their_lines() -> None:
    """Also behind a docstring of several lines."""
    tokens = tokens_of('"""Two\nlines."""\nx = 1\n\ny = (2,\n     3)\n')
    assert tokens.lines.tolist() == [3, 3, 3, 5, 5, 5, 5, 5, 6, 6]


@pytest.mark.parametrize(
    "text", ["", "def f(:\n  x = = 'open\n", "\0\0", "    indented\nback", "é" * 9]
)
def test_any_text_has_tokens(text: str) -> None:
    """What Python would refuse is compared all the same."""
    tokens = tokens_of(text)
    assert len(tokens.codes) == len(tokens.lines)


def test_equal_tokens_have_equal_numbers_on_every_machine() -> None:
    """They are no addresses and no salted hashes."""
    assert tokens_of("+").codes.tolist() == [2739413561381199376]
    assert tokens_of("+").codes.dtype == np.uint64


def test_of_a_huge_submission_the_beginning_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever somebody uploads, reading it is bounded."""
    monkeypatch.setattr("grader.similarity.work.LONGEST_SOURCE", 600)
    huge = work("huge", {"a.py": "x = 1\n" * 1000, "b.py": "y = 2\n"})
    assert [len(file.text) for file in huge.files] == [600, 0]
    assert work_of("empty", ["s"], []).tokens == 0
