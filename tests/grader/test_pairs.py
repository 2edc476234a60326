"""grader/pairs.py: thousands of answers in a few bytes each, told apart all the same."""

from __future__ import annotations

import numpy as np
import pytest

from grader.pairs import AS_IT_MUST, RAISED, PairTable, Row, alike, rows_of

RNG = np.random.default_rng(0)
OUT, DW = RNG.standard_normal((4, 5)), RNG.standard_normal((3,))
NAMES = ["dw", "out"]
BASE = {"out": OUT, "dw": DW}


def row(**outputs: object) -> Row:
    """The summary of one answer."""
    ((one, other),) = rows_of([outputs], NAMES).tolist()
    return one, other


@pytest.mark.parametrize(
    "other",
    [
        {"out": OUT * 2, "dw": DW},
        {"out": -OUT, "dw": DW},
        {"out": OUT * 1e8, "dw": DW},
        {"out": OUT * 1e8, "dw": DW * (1 + 1e-4)},
        {"out": OUT * 2, "dw": DW / 2},
        {"out": OUT.T, "dw": DW},
        {"out": OUT.reshape(5, 4), "dw": DW},
        {"out": OUT * 0, "dw": DW},
        {"out": OUT * np.nan, "dw": DW},
        {"out": OUT},
    ],
)
def test_other_answers_have_other_summaries(other: dict[str, np.ndarray]) -> None:
    """A factor, a sign, a shape, a small error beside a large one: each shows."""
    rows = rows_of([BASE, other, {"out": OUT * 1e8, "dw": DW}], NAMES).astype(np.float32)
    same = alike(rows[1:2, None], rows[:1])[0]
    assert not same
    if "dw" in other and not np.array_equal(other["dw"], DW):
        assert not alike(rows[1:2, None], rows[2:])[0]


def test_rounding_makes_no_difference() -> None:
    """Answers that differ as rounding does have the same summary; so have zeros."""
    near = {name: array * (1 + 1e-9) for name, array in BASE.items()}
    rows = rows_of([BASE, near], NAMES).astype(np.float32)
    assert alike(rows[1:, None], rows[:1])[0]
    zero = {"out": OUT, "dw": DW * 0}
    rows = rows_of([zero, zero | {"dw": DW * 1e-16}], NAMES).astype(np.float32)
    assert alike(rows[1:, None], rows[:1])[0]


def test_a_pair_is_found_by_the_cases_that_are_known() -> None:
    """Cases that could not be run may be any; exceptions alone are no evidence."""
    first, second = row(**BASE), row(out=-OUT, dw=DW)
    rows = np.array([[first, RAISED, AS_IT_MUST], [second, RAISED, AS_IT_MUST]], dtype=np.float32)
    table = PairTable((("a", "b"), ("a", "c")), ("one", "two", "bad"), rows)
    assert table.matching({"one": first, "two": RAISED, "bad": AS_IT_MUST}) == [("a", "b")]
    assert table.matching({"one": second}) == [("a", "c")]
    assert table.matching({"one": second, "bad": RAISED}) == []
    assert table.matching({"two": RAISED}) == []
    assert table.matching({}) == []
