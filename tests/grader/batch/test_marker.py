"""grader/batch/marker.py: one submission's trouble is not the next one's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.batch import marker as room
from grader.batch.marker import Marker
from grader.errors import GraderFailure
from grader.marking import Marking


@pytest.fixture
def marker(marking: Marking) -> Iterator[Marker]:
    made = Marker(marking, train=False)
    yield made
    made.close()


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    (tmp_path / "layers.py").write_text("x = 1\n")
    return tmp_path


def test_the_fork_server_is_kept_between_submissions(marker: Marker, submission: Path) -> None:
    """Starting one costs more than marking a small submission."""
    assert marker.mark(submission).result is not None
    first = marker._server
    assert marker.mark(submission).result is not None
    assert marker._server is first


def test_what_is_no_submission_is_told(marker: Marker, tmp_path: Path) -> None:
    """It is the file's fault, not the grader's."""
    answer = marker.mark(tmp_path / "none.zip")
    assert answer.result is None
    assert not answer.failed
    assert "does not exist" in (answer.trouble or "")


def test_a_failure_is_tried_again_with_a_new_server(
    marker: Marker, submission: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that an earlier submission has killed costs nobody a mark."""
    calls = []

    def failing_once(*args: object, **more: object) -> object:
        calls.append(more["server"])
        if len(calls) == 1:
            raise GraderFailure("the fork server is gone")
        return real(*args, **more)

    real = room.grade
    monkeypatch.setattr(room, "grade", failing_once)
    assert marker.mark(submission).result is not None
    assert len(calls) == 2
    assert calls[0] is not calls[1]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (GraderFailure("no room left"), "the grader failed: no room left"),
        (ZeroDivisionError("oh"), "something went wrong inside the grader: ZeroDivisionError: oh"),
    ],
)
@pytest.mark.slow
def test_a_lasting_failure_is_an_answer_and_the_next_submission_is_marked(
    marker: Marker,
    submission: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
) -> None:
    """A bug of ours on one submission ends neither the batch nor its process."""

    def failing(*_: object, **__: object) -> object:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(room, "grade", failing)
        answer = marker.mark(submission)
    assert answer.failed
    assert answer.trouble == words
    assert marker.mark(submission).result is not None


@pytest.mark.slow
def test_a_retired_marker_starts_nothing_any_more(marker: Marker, submission: Path) -> None:
    """When a batch is called off, what is being marked must not bring its server back."""
    marker.start()
    marker.retire()
    answer = marker.mark(submission)
    assert answer.failed
    assert "the batch is over" in (answer.trouble or "")
    assert marker._server is None
