"""grader/batch/cluster/pool.py: an answer counts when it is one to what was asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from grader.batch.cluster.messages import BadReply, Reply, unprepared
from grader.batch.cluster.pool import _MOST_REFUSALS, ClusterPool, _Errand
from grader.batch.submissions import Submission
from grader.grading import grade
from grader.intake.identity import submission_sha256
from grader.marking import Marking
from grader.result import BundleInfo, Result
from grader.sandbox import ForkServer

KEY = bytes(32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A submission that is quick to mark."""
    made = tmp_path_factory.mktemp("s1")
    (made / "layers.py").write_text("x = 1\n")
    return made


@pytest.fixture(scope="module")
def result(folder: Path, marking: Marking, server: ForkServer) -> Result:
    """Its Result."""
    return grade(folder, marking, train=False, server=server, jobs=1)


@pytest.fixture
def pool(marking: Marking) -> ClusterPool:
    """A pool without a cluster, which no test here asks for anything."""
    nobody = cast("Any", None)
    return ClusterPool(marking, nobody, "token", KEY, nobody, print)


@pytest.fixture
def errand(folder: Path, marking: Marking) -> _Errand:
    """What the answers are about."""
    digest = submission_sha256(folder, marking.assignment.limits)
    return _Errand(Submission("s1", folder), sha256=digest)


def test_a_result_of_what_was_sent_counts(
    pool: ClusterPool, errand: _Errand, result: Result
) -> None:
    """Under the name that the batch has for it."""
    (entry,) = pool._read(errand, Reply(result=result).to_bytes(KEY), set())
    assert entry.result is not None
    assert entry.result.submission.name == entry.name == "s1"
    assert entry.result.earned == result.earned


@pytest.mark.parametrize(
    "changed",
    [
        {"assignment": "another"},
        {"points": 1000.0, "earned": 1000.0},
        {"earned": 101.0},
        {"bundle": None},
        {"bundle": BundleInfo(visibility="hidden", sha256="0" * 64)},
    ],
)
def test_a_result_of_something_else_is_a_failure(
    pool: ClusterPool, errand: _Errand, result: Result, changed: dict[str, Any]
) -> None:
    """A worker that mixes things up gives nobody another one's mark."""
    with pytest.raises(BadReply):
        Reply(result=result.model_copy(update=changed)).check(pool.marking, errand.sha256)
    other = result.submission.model_copy(update={"sha256": "0" * 64})
    content = Reply(result=result.model_copy(update={"submission": other})).to_bytes(KEY)
    (entry,) = pool._read(errand, content, set())
    assert entry.failed
    assert entry.result is None
    assert "another submission" in (entry.trouble or "")


@pytest.mark.parametrize(
    "content", [b"junk", None, Reply().to_bytes(KEY)], ids=["junk", "nothing", "empty"]
)
def test_an_answer_that_is_none_is_a_failure(
    pool: ClusterPool, errand: _Errand, content: object
) -> None:
    """The submission gets a row that says so, and the next run marks it."""
    (entry,) = pool._read(errand, content, set())
    assert entry.failed
    assert "cannot be used" in (entry.trouble or "")


def test_a_worker_that_has_nothing_is_asked_again_but_not_for_ever(
    pool: ClusterPool, errand: _Errand
) -> None:
    """First it is to be given what it lacks."""
    lacking: set[str] = set()
    assert not list(pool._read(errand, unprepared("tcp://w:1"), lacking))
    assert lacking == {"tcp://w:1"}
    (again,) = pool._again
    assert again.submission == errand.submission
    worn = _Errand(errand.submission, refusals=_MOST_REFUSALS)
    (entry,) = pool._read(worn, unprepared("tcp://w:1"), lacking)
    assert entry.failed
