"""grader/similarity/fingerprints.py: what two programs share for long enough is found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader.similarity.fingerprints import RUN, WINDOW, covered, fingerprints_of, runs_of

CODES = st.lists(st.integers(0, 2**64 - 1), min_size=0, max_size=40)
SHARED = st.lists(st.integers(0, 2**64 - 1), min_size=RUN + WINDOW - 1, max_size=RUN + WINDOW + 20)


@given(CODES, SHARED, CODES, CODES, CODES)
def test_a_shared_passage_is_never_overlooked(
    a: list[int], shared: list[int], b: list[int], c: list[int], d: list[int]
) -> None:
    """Whatever stands before and after it."""
    one, other = (
        runs_of(np.array(x, dtype=np.uint64)) for x in ([*a, *shared, *b], [*c, *shared, *d])
    )
    assert np.intersect1d(fingerprints_of(one), fingerprints_of(other)).size > 0


@given(CODES)
def test_there_is_a_run_at_each_token_but_the_last(codes: list[int]) -> None:
    """None at all in what is shorter than one."""
    assert len(runs_of(np.array(codes, dtype=np.uint64))) == max(0, len(codes) - RUN + 1)


@given(st.lists(st.booleans(), max_size=60))
def test_covered_are_the_tokens_of_the_runs(where: list[bool]) -> None:
    """Each run covers its first token and RUN - 1 more."""
    length = len(where) + RUN - 1
    want = [any(where[max(0, i - RUN + 1) : i + 1]) for i in range(length)]
    assert covered(np.array(where, dtype=bool), length).tolist() == want


def test_fewer_fingerprints_than_runs() -> None:
    """That is what makes many programs comparable."""
    runs = runs_of(np.random.default_rng(0).integers(0, 2**63, 3000).astype(np.uint64))
    assert len(fingerprints_of(runs)) < 0.3 * len(runs)
