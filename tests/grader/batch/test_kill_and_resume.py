"""`kill -9` of a batch, some times; benchmarks/kill_and_resume.py does it fifty times."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.kill_and_resume import prove

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="kills processes by POSIX signals"),
]


def test_a_killed_batch_is_resumed_without_loss(tmp_path: Path) -> None:
    """The gradebook, feedback and Results are those of a run that nobody disturbed.

    After each kill all that was announced is kept, and no process is left.
    """
    tally = prove(tmp_path, submissions=14, kills=4, seed=4, jobs=2, most_lines=1)
    assert tally.kills == 4
