"""The tier that comes out on lesser systems, each made for real (see restricted.py).

Where student code must run as another user than root, the interpreter must be one that every user
can reach: this one, or the one that OPEN_PYTHON names (see .ci/open-python).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.bubblewrap import find_bubblewrap
from grader.worker import landlock

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="restricts Linux"),
]

STRANGER = 65533
AS_ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become less"
)
SCRIPT = """
import dataclasses, json
import numpy as np
from grader.sandbox import Deadline, ForkServer, ProcessLimits
source = "import os\\ndef f(x): return x + 1, os.path.exists('/proc/self')\\n"
rules = {"allow": ["numpy", "os"], "inert": []}
with ForkServer.start() as server:
    channel = server.fork(ProcessLimits())
    deadline = Deadline.of_cpu(10)
    channel.request({"op": "load", "sources": {"m.py": source}, "rules": rules}, deadline)
    channel.request({"op": "import", "path": "m.py"}, deadline)
    call = {"op": "call", "path": "m.py", "function": "f", "keep": ()}
    answer, sees = channel.request(call, deadline, (np.ones(3),))["value"]
    status = open(f"/proc/{channel.pid}/status").read()
    users = [int(n) for n in status.split("Uid:")[1].split()[:4]]
    told = {"answer": answer.tolist(), "real": users, "sees processes": sees}
    print(json.dumps(dataclasses.asdict(server.wall) | told))
"""


@lru_cache(maxsize=1)
def open_python() -> str | None:
    """An interpreter with goldgrad in it that a stranger can run."""
    for program in filter(None, (sys.executable, os.environ.get("OPEN_PYTHON"))):
        asked = restricted(["--user", str(STRANGER)], [program, "-c", "import grader, numpy"])
        if asked.returncode == 0:
            return program
    return None


def restricted(
    restrictions: list[str], command: list[str], folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command on a lesser system."""
    script = Path(__file__).with_name("restricted.py")
    home = {}
    if folder is not None:
        home = dict.fromkeys(("TMPDIR", "HOME"), str(folder))
        # Another user's, as it stays after `su`: out of reach, and no reason to fail.
        home["GOLDGRAD_HOME"] = str(folder / "closed" / "home")
    variables = {k: v for k, v in os.environ.items() if k != "GOLDGRAD_WALL"}
    return subprocess.run(
        [sys.executable, str(script), *restrictions, "--", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
        env=variables | home,
    )


@pytest.fixture
def wall() -> Iterator[Callable[..., dict[str, Any]]]:
    """Builds the strongest wall on a lesser system, has a function called, and tells of both."""

    def build(*restrictions: str, everybody: bool = False) -> dict[str, Any]:
        program: str | None = sys.executable
        if everybody:
            program = open_python()
            if program is None:
                pytest.skip("NOT TESTED: no Python here that every user can reach (OPEN_PYTHON)")
        ran = restricted(list(restrictions), [str(program), "-c", SCRIPT], folder)
        assert ran.returncode == 0, ran.stderr
        told = json.loads(ran.stdout)
        assert isinstance(told, dict)
        assert told["answer"] == [2, 2, 2]
        assert 0 not in told["real"], "student code runs as root"
        return told

    with tempfile.TemporaryDirectory(prefix="restricted-") as name:
        folder = Path(name)
        folder.chmod(0o777)  # pytest's own folders are closed to others
        (folder / "closed").mkdir(mode=0o700)
        (folder / "closed" / "home").mkdir()
        yield build


needs_bubblewrap = pytest.mark.skipif(
    find_bubblewrap() is None, reason="NOT TESTED: bubblewrap is not installed"
)
needs_landlock = pytest.mark.skipif(
    landlock.version() == 0, reason="NOT TESTED: this kernel has no Landlock"
)


@needs_bubblewrap
@needs_landlock
def test_nothing_is_missing(wall: Any) -> None:
    """The control: as this system is, the wall is full."""
    assert wall()["tier"] == "full"


@needs_landlock
def test_without_bubblewrap(wall: Any) -> None:
    """The server makes the namespaces itself, and the obstacle names what is missing."""
    told = wall("--no-bubblewrap")
    assert told["tier"] == "kernel"
    assert {"mount", "pid", "net", "ipc"} <= set(told["namespaces"])
    assert "bubblewrap is not installed" in [o["reason"] for o in told["obstacles"]]


@needs_bubblewrap
def test_without_landlock_the_view_closes_the_files(wall: Any) -> None:
    """The view that bubblewrap gives is enough for the kernel tier, not for the full one."""
    told = wall("--no-landlock")
    assert (told["tier"], told["landlock"]) == ("kernel", 0)
    assert "Landlock" in told["obstacles"][0]["reason"]


def test_without_landlock_and_bubblewrap_nothing_closes_the_files(wall: Any) -> None:
    """The kernel's other means keep no file shut: this is a self-check."""
    assert wall("--no-landlock", "--no-bubblewrap", everybody=True)["tier"] == "basic"


@AS_ROOT
@needs_landlock
@pytest.mark.parametrize("bubblewrap", [[], ["--no-bubblewrap"]], ids=["bwrap", "no bwrap"])
def test_root_in_docker(wall: Any, bubblewrap: list[str]) -> None:
    """Without SYS_ADMIN there are no namespaces, but there is a user that nobody is."""
    told = wall("--docker", "--no-namespaces", *bubblewrap, everybody=True)
    assert (told["tier"], told["namespaces"]) == ("kernel", [])
    assert told["seccomp"]
    assert told["landlock"] > 0
    assert set(told["real"]) == {told["uid"]}


@AS_ROOT
@needs_landlock
@pytest.mark.parametrize("bubblewrap", [[], ["--no-bubblewrap"]], ids=["bwrap", "no bwrap"])
def test_an_ordinary_user_without_namespaces(wall: Any, bubblewrap: list[str]) -> None:
    """As on systems that forbid user namespaces: Landlock and seccomp hold by themselves."""
    told = wall("--no-namespaces", "--user", str(STRANGER), *bubblewrap, everybody=True)
    assert (told["tier"], told["namespaces"]) == ("kernel", [])
    assert told["uid"] is None
    assert set(told["real"]) == {STRANGER}


@AS_ROOT
@needs_bubblewrap
@needs_landlock
def test_an_ordinary_user(wall: Any) -> None:
    """A user who may make user namespaces has the full wall."""
    told = wall("--user", str(STRANGER), everybody=True)
    assert told["tier"] == "full"
    assert {"user", "mount", "pid", "net", "ipc", "uts"} <= set(told["namespaces"])


@AS_ROOT
@needs_landlock
def test_an_ordinary_user_without_bubblewrap(wall: Any) -> None:
    """The server makes its user namespace itself."""
    told = wall("--user", str(STRANGER), "--no-bubblewrap", everybody=True)
    assert told["tier"] == "kernel"
    assert {"user", "mount", "pid", "net", "ipc"} <= set(told["namespaces"])
    assert not told["sees processes"]


@AS_ROOT
@needs_landlock
@pytest.mark.parametrize("user", [[], ["--user", str(STRANGER)]], ids=["root", "ordinary"])
def test_namespaces_in_which_nothing_can_be_mounted(wall: Any, user: list[str]) -> None:
    """The server stays out of them, and starts process after process without."""
    told = wall("--no-mounts", *user, everybody=True)
    assert (told["tier"], told["namespaces"]) == ("kernel", [])
    assert told["sees processes"]
