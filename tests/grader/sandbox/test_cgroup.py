"""A cgroup for each student's process: tried on the kernel's own hierarchy, or said not to be.

Killing and removing need no controllers, only a hierarchy of version 2 in which we may make a
folder. The limits need the controllers for memory and pids to be delegated to us.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from grader.sandbox import cgroup, delegation
from grader.sandbox.cgroup import Group, Groups, parse_counters

Start = Callable[..., "subprocess.Popen[str]"]

DAEMONS = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.stdin.readline()
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(1, b"daemon\\n")  # at once: print may write the end of the line apart
            time.sleep(60)
        os._exit(0)
    os.wait()
time.sleep(60)
"""
HOARD = """
import mmap, sys
sys.stdin.readline()
store = mmap.mmap(-1, 256 << 20)
for at in range(0, 256 << 20, 4096):
    store[at] = 1
print("had it all", flush=True)
"""
FILL_TMPFS = """
import sys
sys.stdin.readline()
with open(sys.argv[1], "wb") as file:
    for _ in range(256):
        file.write(bytes(1 << 20))
        file.flush()
print("had it all", flush=True)
"""
FORKS = """
import os, sys, time
sys.stdin.readline()
made = 0
try:
    for _ in range(40):
        if os.fork() == 0:
            time.sleep(60)
        made += 1
except BlockingIOError:
    pass
print(made, flush=True)
time.sleep(60)
"""


@pytest.fixture
def parent() -> Path:
    """A folder of the hierarchy that we may make groups in, with or without controllers."""
    try:
        folder = delegation.own_folder()
    except delegation.NotDelegated as missing:
        pytest.skip(f"cgroups NOT TESTED here: {missing}")
    if not all(os.access(folder / name, os.W_OK) for name in ("", "cgroup.procs")):
        pytest.skip("cgroups NOT TESTED here: our own cgroup is not writable")
    return folder


@pytest.fixture
def groups() -> Groups:
    """The real thing, controllers and all."""
    found = Groups.find()
    if found is None:
        pytest.skip(f"cgroup limits NOT TESTED here: {delegation.obstacle()}")
    return found


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts scripts that wait for a line before they do what they are for."""
    started: list[subprocess.Popen[str]] = []

    def begin(script: str, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def go(process: subprocess.Popen[str]) -> None:
    """Let a script begin."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    """The next lines a script prints; the rest of fewer when it ends."""
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


@pytest.mark.slow
def test_nobody_escapes_a_groups_end(parent: Path, start: Start) -> None:
    """Daemons with sessions of their own, children of nobody, die with the group."""
    group = Group.create(parent, None, None)
    process = start(DAEMONS)
    group.add(process.pid)
    go(process)
    assert lines(process, 3) == ["daemon"] * 3
    family = [psutil.Process(pid) for pid in group.pids()]
    assert len(family) == 4
    group.close()
    assert process.wait(10) == -9
    assert psutil.wait_procs(family, timeout=10)[1] == []
    assert list(parent.glob(f"goldgrad-{os.getpid()}-*")) == []
    group.close()  # a second time does no harm


def test_an_older_kernel_kills_one_by_one(
    parent: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without cgroup.kill all that are listed are killed, until none is."""

    def write(file: Path, text: str) -> None:
        if file.name == "cgroup.kill":
            raise FileNotFoundError(file)
        delegation.write(file, text)

    monkeypatch.setattr(cgroup, "write", write)
    group = Group.create(parent, None, None)
    process = start(DAEMONS)
    group.add(process.pid)
    go(process)
    lines(process, 3)
    group.kill()
    assert group.pids() == []
    group.close()
    assert process.wait(10) == -9


def test_a_limit_that_cannot_be_set_is_an_error(parent: Path) -> None:
    """A group without its controller would limit nothing: it is not made at all."""
    bare = Group.create(parent, None, None)  # nothing is handed on to its children
    folder = parent / next(parent.glob(f"goldgrad-{os.getpid()}-*")).name
    try:
        for limits in ((1 << 20, None), (None, 5)):
            with pytest.raises(OSError, match=r"memory\.max|pids\.max"):
                Group.create(folder, *limits)
        assert [f for f in folder.iterdir() if f.is_dir()] == []
        assert bare.events() == {"oom_kill": 0, "forks_denied": 0}
    finally:
        bare.close()


def test_a_process_that_is_gone_cannot_be_added(parent: Path) -> None:
    """The caller hears of it."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    group = Group.create(parent, None, None)
    try:
        with pytest.raises(OSError, match="No such process"):
            group.add(gone.pid)
    finally:
        group.close()


def test_what_a_killed_grader_left_behind_is_swept_up(parent: Path, start: Start) -> None:
    """Empty groups of graders that no longer live are removed; those of living ones stay."""
    living = start("input()")
    gone = subprocess.Popen(["true"])
    gone.wait()
    made = [parent / f"goldgrad-{pid}-0" for pid in (gone.pid, living.pid)]
    for folder in made:
        folder.mkdir()
    try:
        cgroup.sweep(parent)
        assert [folder.exists() for folder in made] == [False, True]
    finally:
        for folder in made:
            Group(folder).close()


def test_counters_are_read() -> None:
    """What is no counter is passed over."""
    assert parse_counters("low 0\noom_kill 2\nodd\nmax many\n") == {"low": 0, "oom_kill": 2}


def test_memory_is_limited_and_the_verdict_is_known(groups: Groups, start: Start) -> None:
    """One that hoards is killed by the kernel, which says so."""
    group = groups.new(64 << 20, 16)
    process = start(HOARD)
    group.add(process.pid)
    go(process)
    assert process.wait(60) == -9
    assert lines(process, 1) == [""]
    assert group.out_of_memory
    peak = group.peak()
    assert peak is not None
    assert (32 << 20) < peak <= (64 << 20)
    group.close()


def test_of_a_fork_server_only_the_hoarder_is_killed(groups: Groups, start: Start) -> None:
    """In a group of many, those who keep to their share live on."""
    group = groups.new(96 << 20, 16, together=False)
    server, hoarder = start("input(); print('alive')"), start(HOARD)
    for process in (server, hoarder):
        group.add(process.pid)
    go(hoarder)
    assert hoarder.wait(60) == -9
    go(server)
    assert lines(server, 1) == ["alive"]
    assert group.out_of_memory
    group.close()


def test_files_in_memory_count_as_memory(groups: Groups, start: Start) -> None:
    """A tmpfs is no way round the limit."""
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK):
        pytest.skip("no writable tmpfs")
    file = folder / f"goldgrad-test-{os.getpid()}"
    group = groups.new(64 << 20, 16)
    process = start(FILL_TMPFS, str(file))
    group.add(process.pid)
    go(process)
    try:
        assert process.wait(60) == -9
        assert group.out_of_memory
    finally:
        file.unlink(missing_ok=True)
        group.close()


def test_processes_are_limited(groups: Groups, start: Start) -> None:
    """A fork bomb fizzles at the number allowed, itself included."""
    group = groups.new(256 << 20, 8)
    process = start(FORKS)
    group.add(process.pid)
    go(process)
    assert lines(process, 1) == ["7"]
    assert group.events()["forks_denied"] > 0
    assert not group.out_of_memory
    assert len(group.pids()) == 8
    group.close()


def test_a_modest_process_notices_nothing(groups: Groups, start: Start) -> None:
    """NumPy starts and computes within a limit that leaves it room."""
    group = groups.new(256 << 20, 16)
    process = start("input(); import numpy as np; print(np.ones((64, 64)).sum())")
    group.add(process.pid)
    go(process)
    assert lines(process, 1) == ["4096.0"]
    assert process.wait(30) == 0
    assert not group.out_of_memory
    group.close()
