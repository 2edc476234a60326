"""grader/batch/pool.py: processes die, the batch goes on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from grader.batch.pool import Pool, _Seat
from grader.batch.submissions import Submission
from grader.marking import Marking, prepare

pytestmark = [
    pytest.mark.slow,  # processes that are killed and started again
    pytest.mark.skipif(os.name == "nt", reason="kills processes by POSIX signals"),
]


@pytest.fixture(scope="module")
def public() -> Marking:
    return prepare("hw3", visibility="public", dataset=Path("fixtures/data/standin.txt"))


LOOPS = "while True: pass\ndef conv_forward(x, w, b, conv_param): pass\n"


def small(folder: Path, name: str, source: str = "") -> Submission:
    """A submission with one file: quick to mark."""
    path = folder / name
    path.mkdir()
    (path / "layers.py").write_text(source)
    return Submission(name, path)


def _children() -> list[psutil.Process]:
    """Processes below this one, but Python's own resource tracker, which stays."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


class Perilous(Pool):
    """A pool whose process is killed as soon as it is given the victim."""

    def _hand_out(self, seat: _Seat, submission: Submission, patience: float) -> None:
        super()._hand_out(seat, submission, patience)
        if submission.name == "victim":
            seat.process.kill()


def test_a_killed_process_costs_its_submission_a_row_and_no_other(
    public: Marking, tmp_path: Path
) -> None:
    """The row says so, the next submission is marked, and no process is left behind."""
    before = _children()
    submissions = [small(tmp_path, "victim"), small(tmp_path, "next")]
    with Perilous(public, jobs=1, train=False) as pool:
        entries = list(pool.mark(submissions))
    assert [entry.name for entry in entries] == ["victim", "next"]
    assert entries[0].failed
    assert entries[0].trouble == f"the grader's process died (signal {signal.SIGKILL.value})"
    assert entries[1].result is not None
    assert not [child for child in _children() if child not in before]


def test_a_process_that_does_not_come_back_is_given_up(public: Marking, tmp_path: Path) -> None:
    """Whatever holds the grader up, the batch ends."""
    stuck = small(tmp_path, "stuck", LOOPS)
    with Pool(public, jobs=1, train=False, patience=0.3) as pool:
        (entry,) = pool.mark([stuck])
    assert entry.failed
    assert entry.result is None
    assert "did not come back" in (entry.trouble or "")


def test_environment_is_left_as_it_was(public: Marking, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit on BLAS threads is for the pool's processes, not for the caller."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with Pool(public, jobs=1) as pool:
        assert list(pool.mark([])) == []
        pool._seats.append(pool._seat())
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
    assert "OMP_NUM_THREADS" not in os.environ
