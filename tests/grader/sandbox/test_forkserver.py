"""The fork server: fresh processes, and what they can and cannot see."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from grader.errors import GraderFailure
from grader.sandbox import Deadline, Ended, ForkServer, ProcessLimits, Tier
from grader.sandbox.forkserver import default_method
from grader.sandbox.launch import environment


def test_a_function_is_called_with_arrays_and_answers_with_arrays(talk: Any) -> None:
    """The main road: inputs in, outputs out."""
    got = talk("def f(x, y): return {'sum': x + y, 'shape': x.shape}").call(
        "f", np.ones((2, 3)), 2.0
    )
    assert np.array_equal(got["value"]["sum"], np.full((2, 3), 3.0))
    assert got["value"]["shape"] == (2, 3)
    assert got["modified"] == ()


def test_each_process_is_fresh(talk: Any) -> None:
    """What one submission changes in the interpreter, the next does not meet."""
    talk("import numpy as np\nnp.sum = None\nnp.random.seed(5)\nimport os; os.environ['A'] = 'b'")
    fresh = talk("import numpy as np, os\ndef f(): return np.sum([1, 2]), 'A' in os.environ").call()
    assert fresh["value"] == (3, False)


def test_unseeded_random_numbers_are_the_same_each_time(talk: Any) -> None:
    """A submission that seeds nothing earns the same marks each time it is graded."""
    source = (
        "import numpy as np\n"
        "def f(): return np.random.rand(), np.random.default_rng().random(),"
        " np.random.default_rng().random(), np.random.default_rng(seed=3).random()"
    )
    first, second = (talk(source).call()["value"] for _ in range(2))
    assert first == second
    assert len(set(first)) == 4
    assert first[3] == np.random.default_rng(3).random()


def test_neither_the_grader_nor_the_solution_can_be_imported(talk: Any) -> None:
    """Of the installed packages NumPy alone is visible, however goldgrad is installed."""
    source = (
        "import builtins, sys\n"
        "def f():\n"
        "    found = []\n"
        "    for name in ('grader', 'reference', 'goldgrad', 'click', 'pytest', 'pip', 'psutil'):\n"
        "        try:\n"
        "            builtins.__import__(name)\n"
        "            found.append(name)\n"
        "        except ImportError:\n"
        "            pass\n"
        "    return found, [p for p in sys.path if 'site-packages' in p]\n"
    ).replace("import builtins, sys", "import sys\nbuiltins = sys.modules['builtins']")
    assert talk(source).call()["value"] == ([], [])


@pytest.mark.parametrize("tier", ["full", "kernel", "basic"])
def test_nothing_is_inherited(talk: Any, monkeypatch: pytest.MonkeyPatch, tier: Tier) -> None:
    """The parent's variables and open files are not there; the working folder is empty."""
    monkeypatch.setenv("GOLDGRAD_SECRET", "seed")
    source = (
        "import os, sys\n"
        "def is_open(n):\n"
        "    try: return bool(os.fstat(n))\n"
        "    except OSError: return False\n"
        "def f():\n"
        "    files = [n for n in range(1024) if is_open(n)]\n"
        "    return dict(os.environ), files, os.listdir('.'), os.getcwd(), sys.stdin.read()\n"
    )
    with _of_tier(tier) as server:
        values, files, listing, folder, stdin = talk(source, on=server).call()["value"]
    assert set(values) == set(environment(folder))
    assert values["HOME"] == folder
    assert values["USER"] == "student"
    assert values["PATH"]
    assert files == [0, 1, 2, 3]
    assert listing == []
    assert stdin == ""
    assert not Path(folder).exists()


@pytest.mark.parametrize("tier", ["full", "kernel", "basic"])
def test_what_lies_in_a_closed_folder_is_missing(talk: Any, tmp_path: Path, tier: Tier) -> None:
    """Code that asks first whether a file exists goes on, behind whichever wall."""
    closed = tmp_path / "closed"
    closed.mkdir(0)
    source = (
        "import os, sys\n"
        "def f():\n"
        f"    path = sys.modules['pathlib'].Path({str(closed / 'dataset.txt')!r})\n"
        "    return path.exists(), path.is_file(), os.path.lexists(path), os.path.isdir('.')\n"
    )
    with _of_tier(tier) as server:
        found = talk(source, on=server).call()["value"]
    assert found == (False, False, False, True)


@pytest.mark.parametrize("tier", ["full", "kernel", "basic"])
def test_messages_do_not_name_its_folder(talk: Any, tier: Tier) -> None:
    """It is called otherwise each time; a submission's Result is the same behind every wall."""
    source = "import os\ndef f(): open(os.path.abspath('dataset.txt'))\n"
    with _of_tier(tier) as server:
        failed = talk(source, on=server).call()["failed"]
    assert failed["message"] == "[Errno 2] No such file or directory: 'dataset.txt'"


def test_its_own_session_and_limits(talk: Any) -> None:
    """A student's process leads a session, makes no core files, and has the limits we set."""
    source = (
        "import os, sys\nresource = sys.modules['resource']\n"
        "def f(): return [os.getsid(0) == os.getpid()] + [\n"
        "    list(resource.getrlimit(getattr(resource, 'RLIMIT_' + n)))\n"
        "    for n in ('CORE', 'FSIZE', 'NOFILE')]\n"
    )
    limits = ProcessLimits(file_bytes=1 << 20, open_files=32)
    assert talk(source, limits).call()["value"] == [True, [0, 0], [1 << 20, 1 << 20], [32, 32]]


def test_scratch_is_deleted_whatever_was_done_to_it(talk: Any, basic: ForkServer) -> None:
    """Unwritable folders and links in it are no hindrance, and links are not followed."""
    source = (
        "import os\n"
        "def f(outside):\n"
        "    os.makedirs('a/b'); open('a/b/c', 'w').write('x')\n"
        "    os.symlink(outside, 'a/link'); os.chmod('a/b', 0); os.chmod('a', 0)\n"
        "    return os.getcwd()\n"
    )
    conversation = talk(source, on=basic)
    folder = Path(conversation.call("f", str(Path(__file__).parent))["value"])
    assert folder.is_dir()
    conversation.channel.close()
    assert not folder.exists()
    assert Path(__file__).exists()


@pytest.mark.slow
def test_folders_within_folders_are_deleted_however_deep(talk: Any, basic: ForkServer) -> None:
    """Three thousand levels overflow no path and no stack of the grader's."""
    conversation = talk(
        "import os\ndef f():\n    return os.getcwd()\n"
        "def g():\n    for n in range(3000): os.mkdir('d'); os.chdir('d')\n",
        on=basic,
    )
    folder = Path(conversation.call(cpu=5)["value"])
    with suppress(Ended):  # where the watch looks meanwhile, it takes the folder for endless
        conversation.call("g", cpu=5)
    conversation.channel.close()
    assert not folder.exists()


def test_a_large_message_is_drained_while_both_sides_write(talk: Any) -> None:
    """Ten megabytes in, ten megabytes out, and a megabyte printed on the way: no deadlock."""
    source = "def f(x):\n    print('y' * (1 << 20))\n    x *= 2\n    return x\n"
    conversation = talk(source)
    got = conversation.call("f", np.ones(10 << 17))
    assert got["value"].sum() == 20 << 17
    assert got["modified"] == (0,)
    assert len(conversation.channel.printed) == ProcessLimits().output_bytes


def test_a_dead_server_is_replaced(talk: Any, server: ForkServer) -> None:
    """Whatever ends the server spoils only what runs at that moment."""
    with ForkServer.start(tier=server.tier) as shot:
        conversation = talk("def f():\n    while True: pass", on=shot)
        _innermost(shot).kill()
        with pytest.raises(Ended) as ended:
            conversation.call(cpu=5)
        assert ended.value.reason == "crash"
        assert talk("def f(): return 1", on=shot).call()["value"] == 1


@pytest.mark.slow
def test_a_server_that_was_stopped_is_replaced(talk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A suspended server delays the next submission and no more."""
    monkeypatch.setattr("grader.sandbox.zygote._ANSWER_SECONDS", 0.2)
    monkeypatch.setattr("grader.sandbox.zygote._STOP_SECONDS", 0.2)
    monkeypatch.setattr("grader.sandbox.process._PATIENCE_SECONDS", 0.2)
    with ForkServer.start() as server:
        conversation = talk("def f(): pass", on=server)
        process = psutil.Process(conversation.channel.pid)
        suspended = _innermost(server)
        suspended.suspend()
        conversation.channel.close()
        psutil.wait_procs([process], timeout=5)
        assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        assert talk("def f(): return 1", on=server).call()["value"] == 1
        psutil.wait_procs([suspended], timeout=5)
        assert not suspended.is_running() or suspended.status() == psutil.STATUS_ZOMBIE


def _innermost(server: ForkServer) -> psutil.Process:
    """The fork server itself, behind bubblewrap or the process that waits for it."""
    launcher: Any = server._launcher
    process = psutil.Process(launcher.pid)
    while process.children() and process.children()[0].cmdline() != []:
        child = process.children()[0]
        if child.pid in {channel.pid for channel in server._channels}:
            break
        process = child
    return process


def _of_tier(tier: Tier) -> ForkServer:
    try:
        return ForkServer.start(tier=tier)
    except GraderFailure as failure:
        pytest.skip(f"TIER {tier} NOT TESTED: {failure}")


def test_several_threads_can_fork(server: ForkServer) -> None:
    """Batch marking shares one server between its threads."""
    answers: list[Any] = []

    def run(number: int) -> None:
        channel = server.fork(ProcessLimits())
        try:
            deadline = Deadline.of_cpu(5)
            message = {"op": "load", "sources": {"m.py": f"x = {number}"}, "rules": {"allow": []}}
            channel.request(message, deadline)
            channel.request({"op": "import", "path": "m.py"}, deadline)
            answer: Any = channel.request({"op": "declared", "path": "m.py", "name": "x"}, deadline)
            answers.append(answer["value"])
        finally:
            channel.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(12))


def test_closing_the_server_ends_its_children() -> None:
    """Nobody is left, and the temporary folder is gone."""
    server = ForkServer.start()
    children = [server.fork(ProcessLimits()).pid for _ in range(3)]
    family = [psutil.Process(pid) for pid in children]
    folder = server._scratch._root
    server.close()
    assert not any(process.is_running() for process in family)
    assert folder is None or not folder.exists()
    server.close()  # a second time does no harm


@pytest.mark.slow
@pytest.mark.parametrize("tier", ["full", "kernel", "basic"])
def test_children_die_with_a_parent_that_is_killed(tier: Tier) -> None:
    """A grader that is shot leaves neither server nor students nor folders behind."""
    _of_tier(tier).close()
    script = (
        "import time\nfrom grader.sandbox import ForkServer, ProcessLimits\n"
        f"server = ForkServer.start(tier={tier!r})\nchannel = server.fork(ProcessLimits())\n"
        "print(server._launcher.pid, channel.pid, server._scratch._root, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        *pids, folder = parent.stdout.readline().split()
        family = [psutil.Process(int(pid)) for pid in pids]
        assert tier == "full" or Path(folder).is_dir()
        parent.send_signal(signal.SIGKILL)
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert (len(gone), alive) == (2, [])
    assert not Path(folder).exists()


def test_spawned_processes_do_the_same_work(talk: Any) -> None:
    """Where nothing can be forked, an interpreter for each student answers alike."""
    source = (
        "import numpy as np, os\nprint('loading')\n"
        "def f(x):\n    x += 1\n    return x, os.listdir('.')\n"
        "def loop():\n    while True: pass\n"
        "def leave(): os._exit(7)\n"
    )
    with ForkServer.start(method="spawn") as server:
        conversation = talk(source, on=server)
        got = conversation.call("f", np.zeros(3))
        assert got["value"][0].tolist() == [1, 1, 1]
        assert got["value"][1] == []
        assert got["modified"] == (0,)
        with pytest.raises(Ended) as ended:
            conversation.call("leave")
        assert (ended.value.reason, ended.value.detail) == ("exit", "its own exit status")
        assert "loading" in conversation.channel.printed
        looping = talk(source, on=server)
        with pytest.raises(Ended) as ended:
            looping.call("loop", cpu=0.3)
        assert ended.value.reason == "cpu"
        pid = talk(source, on=server).channel.pid
    assert not psutil.pid_exists(pid)


def test_a_spawned_process_cannot_import_the_grader_either(talk: Any) -> None:
    """The same bootstrap hides the same packages."""
    source = "import sys\ndef f(): return [n for n in sys.modules if n.startswith('grader')]"
    with ForkServer.start(method="spawn") as server:
        assert talk(source, on=server).call()["value"] == []


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message holds the interpreter's own last line."""
    monkeypatch.setattr(
        "grader.sandbox.launch.command",
        lambda *_: [sys.executable, "-c", "raise SystemExit('no numpy here')"],
    )
    for method in ("fork", "spawn"):
        with (
            pytest.raises(GraderFailure, match="no numpy here"),
            ForkServer.start(method=method) as server,
        ):
            server.fork(ProcessLimits())


def test_linux_forks() -> None:
    """The fast way is taken where it is sound."""
    assert default_method() == ("fork" if os.uname().sysname == "Linux" else "spawn")


def test_waiting_is_over_as_soon_as_there_is_an_answer(talk: Any) -> None:
    """Requests are not polled for: an answer after 20 ms is not held back to the next look."""
    conversation = talk("import time\ndef f(): time.sleep(0.02)")
    start = time.perf_counter()
    for _ in range(5):
        conversation.call()
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("tier", ["full", "kernel", "basic"])
def test_the_null_device_can_be_opened(tier: Tier, talk: Any) -> None:
    """Homework sends output to os.devnull; no wall stands between."""
    source = (
        "import os\n"
        "def f():\n"
        "    with open(os.devnull, 'w') as sink:\n"
        "        print('nobody reads this', file=sink)\n"
        "    with open(os.devnull) as nothing:\n"
        "        return nothing.read()\n"
    )
    with ForkServer.start(tier=tier) as server:
        assert talk(source, on=server).call("f")["value"] == ""
