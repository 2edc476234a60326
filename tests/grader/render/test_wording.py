"""grader/render/wording.py."""

from __future__ import annotations

import pytest

from grader.render.wording import count, listed, points, seconds


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (4.0, "4"), (2.5, "2.5"), (12.3333, "12.33"), (100, "100"), (0.001, "0"),
     (-0.001, "0")],
)  # fmt: skip
def test_points(value: float, text: str) -> None:
    """No trailing zeros, at most two decimals."""
    assert points(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.04, "0.0 s"), (1.94, "1.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.9, "1:00"),
     (461, "7:41"), (3723, "1:02:03")],
)  # fmt: skip
def test_seconds(value: float, text: str) -> None:
    """Tenths while they matter, then minutes and hours."""
    assert seconds(value) == text


def test_counts_and_lists() -> None:
    """Singular, plural, and long lists cut."""
    assert [count(n, "check") for n in (0, 1, 2)] == ["0 checks", "1 check", "2 checks"]
    assert count(2, "entry", "entries") == "2 entries"
    assert listed(["a", "b"]) == "a, b"
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 more"
