"""A real cluster on this machine: a scheduler and workers, each a process of Dask's own command."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

DASK = [sys.executable, "-m", "dask"]
# Whatever a task gives back goes to the disk at once, as on a worker that is out of memory.
SPILLING = {"DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "1e-9"}


def wait_for(happens: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait until something is so; a loaded machine takes its time."""
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.05)


class Cluster:
    """A scheduler, and the workers that were started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Logs, and the workers' local folders."""
        self._processes: list[subprocess.Popen[bytes]] = []
        contact = folder / "scheduler.json"
        self.scheduler = self._start(
            ["scheduler", "--host", "127.0.0.1", "--port", "0"],
            ["--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(contact)],
        )
        wait_for(lambda: contact.exists() and contact.read_text(), "the scheduler starts")
        self.address: str = json.loads(contact.read_text())["address"]

    def worker(self, *options: str, **environment: str) -> psutil.Process:
        """Start ``dask worker``; whoever needs it working waits for that."""
        place = ["--local-directory", str(self.folder / "local"), "--no-dashboard"]
        started = self._start(["worker", self.address, *place], options, **environment)
        return psutil.Process(started.pid)

    def _start(
        self, command: list[str], options: list[str] | tuple[str, ...], **environment: str
    ) -> subprocess.Popen[bytes]:
        log = self.folder / f"{len(self._processes)}.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [*DASK, *command, *options],
                stdout=stream,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=os.environ | environment,
            )
        self._processes.append(process)
        return process

    def log(self) -> str:
        """What all of them have said."""
        return "\n".join(
            file.read_text("utf-8", "replace") for file in sorted(self.folder.glob("*.log"))
        )

    def close(self) -> None:
        """End them all, the workers first, and whatever they have started."""
        for process in reversed(self._processes):
            family: list[psutil.Process] = []
            with contextlib.suppress(psutil.NoSuchProcess):
                family = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            process.wait()
            for member in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.kill()


@pytest.fixture
def strict_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler, if it is started after this, that gives a task up when one worker dies of it."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without a worker yet."""
    pytest.importorskip(
        "distributed", reason="CLUSTER NOT TESTED: the extra `cluster` is not installed"
    )
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.close()


def students_processes(above: psutil.Process) -> list[psutil.Process]:
    """The fork servers below a process, and what they have forked."""
    return [p for p in above.children(recursive=True) if "bootstrap.py" in " ".join(_line(p))]


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.fixture(name="wait_for")
def wait_for_fixture() -> Callable[..., None]:
    """Wait until something is so."""
    return wait_for


@pytest.fixture(name="students_processes")
def students_processes_fixture() -> Callable[[psutil.Process], list[psutil.Process]]:
    """The fork servers below a process, and what they have forked."""
    return students_processes


@pytest.fixture
def spilling() -> dict[str, str]:
    """The environment of a worker that puts on its disk whatever it can."""
    return SPILLING
