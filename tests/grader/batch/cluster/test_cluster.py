"""`grade batch --scheduler` on real schedulers and workers, one of them killed half-way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from fixtures.samples import load_samples
from grader.batch.cluster.messages import Reply
from grader.batch.submissions import Submission
from grader.marking import Marking

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="kills processes by POSIX signals"),
]

GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]
NAMES = ("good", "two_bugs", "template", "broken_exception")
OPTIONS = ["--no-train", "--seed", "tests", "--dataset", "fixtures/data/standin.txt"]


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """Zips, a folder with data in it, a broken zip, a wrong kind of file."""
    folder = tmp_path / "submissions"
    samples = load_samples()
    for name in NAMES:
        samples[name].write_zip(folder)
        shutil.copy(folder / f"{name}.zip", folder / f"{name}_2.zip")
    samples["partly_done"].write_folder(folder)
    (folder / "partly_done" / "data.npy").write_bytes(bytes(100_000))
    (folder / "torn.zip").write_bytes((folder / "good.zip").read_bytes()[:500])
    (folder / "wrong.pdf").write_bytes(b"%PDF-1.4")
    return folder


@contextmanager
def batch(folder: Path, out: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`grade batch`, and no process of it left behind."""
    with subprocess.Popen(
        [*GRADE, "batch", str(folder), "--out", str(out), *OPTIONS, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process: subprocess.Popen[str], words: str) -> str:
    """What it says on stderr up to a line with these words."""
    said = ""
    assert process.stderr is not None
    for line in process.stderr:
        said += line
        if words in line:
            return said
    pytest.fail(f"it ended without {words!r}: {said}")


def test_workers_killed_half_way_change_no_mark(
    cluster: Any, submissions: Path, tmp_path: Path, wait_for: Any, students_processes: Any
) -> None:
    """The gradebook is a local run's, byte for byte; no student's process outlives its worker.

    First one is killed, then the other; what Dask starts in their place has nothing to mark with
    until it is given it.
    """
    nanny = cluster.worker("--nworkers", "2", "--nthreads", "1")
    with batch(submissions, tmp_path / "far", "--scheduler", cluster.address) as process:
        for progress in ("2/11", "5/11"):
            until(process, progress)
            victim = next(child for child in nanny.children() if students_processes(child))
            theirs = students_processes(victim)
            victim.kill()
            wait_for(lambda: not any(map(_alive, theirs)), "the fork server ends")  # noqa: B023
        stdout, stderr = process.communicate(timeout=300)
    assert process.returncode == 0, stderr
    assert cluster.log().count("'prepare'") >= 3
    assert not students_processes(nanny)
    with batch(submissions, tmp_path / "near", "-j", "2") as local:
        expected, _ = local.communicate(timeout=300)
    files = [(tmp_path / run / "gradebook.csv").read_bytes() for run in ("far", "near")]
    assert files[0] == files[1]
    assert stdout.splitlines()[0].split("   ")[:3] == expected.splitlines()[0].split("   ")[:3]


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_what_kills_every_worker_becomes_a_row_and_nothing_else(
    strict_scheduler: None, cluster: Any, submissions: Path, tmp_path: Path
) -> None:
    """Others that were beside it when workers died are marked all the same."""
    del strict_scheduler
    deadly = (
        "import os\n"
        "from grader.batch.marker import Marker\n"
        "def deadly(self, parcel, mark=Marker.mark):\n"
        "    return os._exit(1) if parcel.name == 'two_bugs.zip' else mark(self, parcel)\n"
        "if Marker.mark.__name__ == 'mark':\n"  # Dask loads this twice
        "    Marker.mark = deadly\n"
    )
    cluster.worker("--nthreads", "2", "--preload", deadly)
    out = tmp_path / "out"
    with batch(submissions, out, "--scheduler", cluster.address) as process:
        stdout, stderr = process.communicate(timeout=300)
    assert process.returncode == 3, stderr
    assert "two_bugs" in stdout
    assert "the grader's process died, on each worker that tried it" in stdout.replace("\n", " ")
    rows = (out / "gradebook.csv").read_text("utf-8-sig").splitlines()
    unmarked = [row.split(",")[0] for row in rows if "the grader's process died" in row]
    assert unmarked == ["two_bugs"]
    assert len(rows) == 12


def test_hidden_cases_reach_workers_by_memory_alone(
    cluster: Any,
    marking: Marking,
    submissions: Path,
    monkeypatch: pytest.MonkeyPatch,
    spilling: dict[str, str],
) -> None:
    """With workers that put on disk all they can: no case, no seed and no result is found there."""
    from grader.batch.cluster.pool import joined

    cluster.worker("--nthreads", "2", **spilling)
    replies: list[bytes] = []
    read = Reply.from_bytes

    def listen(content: Any, key: bytes) -> Reply:
        reply = read(content, key)
        replies.append(content)
        return reply

    monkeypatch.setattr(Reply, "from_bytes", staticmethod(listen))
    names = ("good.zip", "two_bugs.zip", "partly_done")
    told: list[str] = []
    with joined(
        cluster.address, marking, train=False, tier=None, insecure=False, tell=told.append
    ) as pool:
        pool.assemble(len(names))
        # To see that this search finds what Dask does write.
        kept = pool.client.scatter(b"to be found on the disk " * 1000)
        with pool:
            entries = list(pool.mark(Submission(name, submissions / name) for name in names))
            on_disk = _contents(cluster.folder)
        delivery = pool.admission._content
        del kept
    assert {entry.name: bool(entry.result) for entry in entries} == dict.fromkeys(names, True)
    assert len(replies) == len(names)
    assert b"to be found on the disk" in on_disk
    arrays = [
        value.tobytes()
        for problem in marking.bundle.problems.values()
        for case in problem.cases
        for value in _arrays([[step.args for step in case.steps], dict(case.expected)])
    ]
    secrets = [content[:64] for content in arrays if len(set(content)) > 32]
    assert len(secrets) > 50
    middle = len(delivery) // 2
    secrets += [marking.seed, pool.key, delivery[middle : middle + 64]]
    logs = cluster.log().encode()
    assert b"prepare" in logs
    for secret in secrets:
        assert secret not in on_disk
        assert secret not in logs
        assert repr(secret)[2:-1].encode() not in logs
    from grader.batch.cluster.seal import opened

    for closed in replies:
        assert opened(closed, pool.key)[100:164] not in on_disk


def _arrays(tree: object) -> Iterator[Any]:
    if hasattr(tree, "tobytes"):
        yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from _arrays(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _arrays(value)


def _contents(folder: Path) -> bytes:
    """All that is on the disk below a folder, logs left out."""
    found = []
    for file in folder.rglob("*"):
        if file.suffix != ".log":
            # A worker is at work: what was listed may be gone.
            with suppress(FileNotFoundError, IsADirectoryError):
                found.append(file.read_bytes())
    return b"\0".join(found)


def test_workers_that_would_mark_otherwise_are_refused(
    cluster: Any, submissions: Path, tmp_path: Path
) -> None:
    """It waits for a worker, and says how to start one; versions and walls are looked at first."""
    for file in submissions.iterdir():
        if file.name != "template.zip":
            shutil.rmtree(file) if file.is_dir() else file.unlink()
    with batch(submissions, tmp_path / "a", "--scheduler", cluster.address) as process:
        assert f"start one: dask worker {cluster.address}" in until(process, "waiting")
        old = cluster.worker("--no-nanny", "--preload", "import numpy; numpy.__version__ = '1.0'")
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 2, stderr
    assert "NumPy 1.0 (here: " in stderr
    old.terminate()
    old.wait(30)
    weak = (
        "from grader.sandbox import ForkServer, Obstacle, Wall\n"
        "def weak(*args, start=ForkServer.start, **options):\n"
        "    server = start(*args, **options | {'tier': None})\n"
        "    server.wall = Wall('basic', obstacles=(Obstacle('full', 'no bubblewrap'),))\n"
        "    return server\n"
        "if ForkServer.start.__name__ == 'start':\n"  # Dask loads this twice
        "    ForkServer.start = weak\n"
    )
    cluster.worker("--no-nanny", "--preload", weak)
    with batch(submissions, tmp_path / "b", "--scheduler", cluster.address) as process:
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 2, stderr
    assert "no bubblewrap" in stderr
    assert "--insecure" in stderr
    with batch(
        submissions, tmp_path / "b", "--scheduler", cluster.address, "--insecure"
    ) as process:
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    assert "wall: basic (not secure)" in stderr
    assert ",basic (not secure)," in (tmp_path / "b" / "gradebook.csv").read_text("utf-8-sig")


def test_ctrl_c_leaves_the_cluster_clean_and_a_lost_scheduler_is_told(
    cluster: Any, submissions: Path, tmp_path: Path, wait_for: Any, students_processes: Any
) -> None:
    """What is finished is kept; the same command goes on."""
    looping = submissions / "loops"
    looping.mkdir()
    (looping / "layers.py").write_text("while True: pass\n")
    worker = cluster.worker("--nthreads", "1")
    out = tmp_path / "out"
    with batch(submissions, out, "--scheduler", cluster.address) as process:
        until(process, "3/12")
        assert students_processes(worker)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "interrupted; " in stderr
    assert "Traceback" not in stderr
    wait_for(lambda: not students_processes(worker), "the worker ends what it was at")
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:
        assert client.run_on_scheduler(_number_of_tasks) == 0
    with batch(submissions, out, "--scheduler", cluster.address) as process:
        until(process, "1/")
        cluster.scheduler.kill()
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 3, stderr
    assert "the same command goes on from here" in stderr
    assert "Traceback" not in stderr
    wait_for(lambda: not students_processes(worker), "a worker without a scheduler ends")


def _number_of_tasks(dask_scheduler: Any) -> int:
    return len(dask_scheduler.tasks)
