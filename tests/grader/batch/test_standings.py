"""grader/batch/standings.py: the two ways to read a class from the store."""

from __future__ import annotations

import itertools
from pathlib import Path

from benchmarks.course_outputs import fill
from grader.batch.store import Store


def test_in_brief_the_same_students_stand_as_in_full(tmp_path: Path) -> None:
    """Rows that are read at a tenth of the cost say exactly what whole standings say."""
    fill(tmp_path, 120)
    with Store(tmp_path) as store:
        course = store.course()
        whole, rows = list(course), list(course.rows())
    assert len(rows) == 120
    for standing, row in itertools.zip_longest(whole, rows):
        assert standing.row() == row
        assert standing.final == row.final
    assert any(row.penalty for row in rows)
    assert any(row.adjustments for row in rows)
    assert any(row.failed for row in rows)
