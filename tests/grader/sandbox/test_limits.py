"""Hostile and careless programs: each ends in the verdict that names its limit."""

from __future__ import annotations

import contextlib
import os
from typing import Any

import psutil
import pytest

from grader.assignment import Limits
from grader.sandbox import BrokenProtocol, Deadline, Ended, ForkServer, ProcessLimits
from grader.sandbox.ending import NUMBER


def _ending(conversation: Any, **options: Any) -> Ended:
    family = conversation.family
    with pytest.raises(Ended) as ended:
        conversation.call("f", **options)
    assert not any(process.is_running() for process in family)
    return ended.value


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("while True: pass", id="endless loop"),
        pytest.param(
            "for s in range(1, 65):\n"
            "        try: signal.signal(s, signal.SIG_IGN)\n"
            "        except (OSError, ValueError): pass\n"
            "    while True: pass",
            id="ignores all signals",
        ),
        pytest.param(
            "while True:\n        try:\n            while True: pass\n"
            "        except BaseException: pass",
            id="catches everything",
        ),
        pytest.param("np.linalg.svd(np.random.rand(1500, 1500))", id="inside NumPy"),
    ],
)
def test_cpu_time_is_limited(talk: Any, body: str) -> None:
    """Whatever it ignores or catches, it is stopped at its CPU limit."""
    conversation = talk(f"import signal\nimport numpy as np\ndef f():\n    {body}\n")
    ended = _ending(conversation, cpu=0.3)
    assert (ended.reason, ended.limit) == ("cpu", 0.3)
    assert ended.used is not None
    assert ended.used >= 0.3


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("time.sleep(1000)", id="sleeps"),
        pytest.param("os.kill(os.getpid(), signal.SIGSTOP)", id="stops itself"),
        pytest.param("os.read(os.pipe()[0], 1)", id="waits for ever"),
    ],
)
def test_a_process_that_waits_for_nothing_is_stopped(
    talk: Any, basic: ForkServer, body: str
) -> None:
    """Idle time has a limit of its own, long before the wall-clock backstop."""
    conversation = talk(f"import os, signal, time\ndef f():\n    {body}\n", on=basic)
    ended = _ending(conversation, idle=0.3, wall=60)
    assert (ended.reason, ended.limit) == ("wall", 0.3)


def test_the_wall_clock_is_the_backstop(talk: Any) -> None:
    """Even where idleness cannot be measured, nothing lasts for ever."""
    ended = _ending(talk("import time\ndef f(): time.sleep(1000)\n"), idle=60, wall=0.3)
    assert (ended.reason, ended.limit) == ("wall", 0.3)


def test_the_deadline_is_one_for_the_whole_answer(talk: Any) -> None:
    """An answer that dribbles in byte by byte is late, however often a byte comes."""
    conversation = talk(
        "import os, time\ndef f():\n"
        "    for byte in b'gg1\\n' + bytes([200]) + bytes(200):\n"
        "        os.write(3, bytes([byte])); time.sleep(0.05)\n"
    )
    assert _ending(conversation, wall=0.4, idle=9).reason == "wall"


def test_a_request_that_nobody_reads_is_late_too(talk: Any) -> None:
    """Sending has the same deadline as waiting."""
    conversation = talk("def f(x): pass")
    psutil.Process(conversation.channel.pid).suspend()
    import numpy as np

    with pytest.raises(Ended) as ended:
        conversation.call("f", np.zeros(4 << 20), wall=0.4)
    assert ended.value.reason == "wall"


def test_memory_is_limited_and_the_process_lives_on(talk: Any) -> None:
    """A MemoryError is reported; the next call works."""
    limits = ProcessLimits(memory_bytes=256 << 20)
    conversation = talk(
        "import numpy as np\ndef f(n): return np.ones(n).sum()\n"
        "def g():\n    x = []\n    while True: x.append(bytearray(1 << 20))\n",
        limits,
    )
    for name, args in (("f", [1 << 27]), ("g", [])):
        assert conversation.call(name, *args)["failed"]["kind"] == "memory"
    assert conversation.call("f", 10)["value"] == 10


def test_memory_is_watched_from_outside_too(talk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel sets no limit, the figure the system gives stops it."""
    monkeypatch.setattr("grader.sandbox.watch._MEMORY_SLACK", 0)
    conversation = talk(
        "import time\nx = bytearray(64 << 20)\ndef f(): time.sleep(100)",
        ProcessLimits(memory_bytes=32 << 20 << 4),
    )
    object.__setattr__(conversation.channel._limits, "memory_bytes", 32 << 20)
    assert _ending(conversation, idle=20).reason == "memory"


def test_output_is_drained_and_its_tail_kept(talk: Any) -> None:
    """A flood below the limit costs nothing but its head."""
    conversation = talk(
        "import sys\ndef f():\n    for i in range(20000): print('line', i)\n"
        "    sys.stderr.write('the end')\n"
    )
    conversation.call(cpu=5)
    printed = conversation.channel.printed
    assert "line 19999" in printed
    assert printed.endswith("the end")
    assert "line 0\n" not in printed


@pytest.mark.parametrize(
    "write", ["print('x' * 1000)", "os.write(1, b'x' * 1000)", "os.write(2, b'x' * 1000)"]
)
def test_endless_output_is_stopped(talk: Any, write: str) -> None:
    """However it is written."""
    limits = ProcessLimits(flood_bytes=1 << 20)
    conversation = talk(f"import os\ndef f():\n    while True: {write}\n", limits)
    ended = _ending(conversation, cpu=9)
    assert (ended.reason, ended.limit) == ("output", 1 << 20)
    assert len(conversation.channel.printed) <= limits.output_bytes


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        ("os._exit(0)", "exit", "exit status 0"),
        ("os._exit(33)", "exit", "its own exit status"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crash", "SIGSEGV"),
        ("os.abort()", "crash", "SIGABRT"),
        ("os.kill(0, signal.SIGKILL)", "crash", "SIGKILL"),
        ("os.close(3)", "exit", "exit status 1"),
    ],
)
def test_a_process_that_ends_itself_has_no_answer(
    talk: Any, basic: ForkServer, body: str, reason: str, detail: str
) -> None:
    """Leaving without an answer is told apart by how it was done, and earns nothing."""
    ended = _ending(talk(f"import os, signal\ndef f():\n    {body}\n", on=basic))
    assert (ended.reason, ended.detail) == (reason, detail)


@pytest.mark.parametrize("body", ["sys.exit(0)", "raise KeyboardInterrupt", "raise SystemExit"])
def test_asking_to_end_is_reported_and_the_process_lives_on(talk: Any, body: str) -> None:
    """sys.exit() in a function is an answer like any other exception."""
    conversation = talk(f"import sys\ndef f():\n    {body}\ndef g(): return 1\n")
    assert conversation.call()["failed"]["kind"] == "exit"
    assert conversation.call("g")["value"] == 1


def test_recursion_is_an_exception_or_a_crash(talk: Any) -> None:
    """Endless recursion, with any recursion limit, harms nobody else."""
    conversation = talk(
        "import sys\ndef f(n=0): return f(n + 1)\n"
        "def g():\n    sys.setrecursionlimit(10 ** 9)\n    return f()\n",
        ProcessLimits(memory_bytes=64 << 20),
    )
    assert conversation.call()["failed"]["type"] == "RecursionError"
    with contextlib.suppress(Ended):
        assert conversation.call("g", cpu=3)["failed"]["kind"] in ("memory", "raised")


def test_atexit_does_not_run(talk: Any) -> None:
    """What is registered for the end never prints."""
    conversation = talk(
        "import sys\nsys.modules['atexit'].register(print, 'score: 100%')\ndef f(): return 1\n"
    )
    conversation.call()
    conversation.channel.close()
    assert "100%" not in conversation.channel.printed


_FORKS = {
    "children": "for _ in range(5):\n        if os.fork() == 0: time.sleep(100)",
    "own sessions": "for _ in range(3):\n        if os.fork() == 0: os.setsid(); time.sleep(100)",
    "daemon": (
        "if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0: time.sleep(100)\n"
        "        os._exit(0)\n    os.wait(); time.sleep(0.05)"
    ),
}


@pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() != 0, reason="only root sees where a closed one works"
)
@pytest.mark.parametrize("body", _FORKS.values(), ids=_FORKS)
@pytest.mark.parametrize("end", ["", "os._exit(0)", "while True: pass"])
def test_no_process_outlives_the_one_it_came_from(
    talk: Any, basic: ForkServer, body: str, end: str
) -> None:
    """Children, their sessions and daemons die with a student's process, however that ends."""
    conversation = talk(
        f"import os, time\ndef where(): return os.getcwd()\ndef f():\n    {body}\n    {end}\n",
        on=basic,
    )
    folder = conversation.call("where")["value"]
    assert _living_in(folder) == {conversation.channel.pid}
    try:
        conversation.call("f", cpu=0.2)
        assert len(_living_in(folder)) > 1
    except Ended:
        assert end
    conversation.channel.close()
    assert _living_in(folder) == set()


def _living_in(folder: str) -> set[int]:
    """All processes that work in a folder, even a deleted one, whoever their parent is by now."""
    found = psutil.process_iter(["cwd"])
    return {p.pid for p in found if (p.info["cwd"] or "").removesuffix(" (deleted)") == folder}


def test_a_forged_answer_is_taken_by_its_value_and_what_follows_is_an_error(talk: Any) -> None:
    """A frame written by student code is no more than a value; the stream is broken after it."""
    forged = (
        "import os\ndef f():\n"
        "    body = b'd\\x02\\0\\0\\0' + b'\\x05\\0\\0\\0valuei' + (42).to_bytes(8, 'little')"
        " + b'\\x08\\0\\0\\0modifiedt\\0\\0\\0\\0'\n"
        "    header = b'gg1\\n' + (3).to_bytes(8, 'little') + len(body).to_bytes(8, 'little')\n"
        "    os.write(3, header + body)\n    return 1\n"
    )
    conversation = talk(forged)
    assert conversation.call() == {"value": 42, "modified": ()}
    with pytest.raises(BrokenProtocol, match="an answer to request 3 where 4 was asked"):
        conversation.call()
    with pytest.raises(Ended):
        conversation.call()


@pytest.mark.parametrize(
    "content",
    [
        "b'hello, I am the grader: 100 points'",
        "number + b'\\xff' * 8",
        "number + (5).to_bytes(8, 'little') + b'aaaaa'",
        "number + (2).to_bytes(8, 'little') + b'NN'",
        "b'gg1\\n' + bytes(8) + (1).to_bytes(8, 'little') + b'N'",
    ],
)
def test_nonsense_on_the_stream_breaks_it(talk: Any, content: str) -> None:
    """A wrong header, an absurd length, a malformed or trailing value: killed, and no answer."""
    conversation = talk(
        "import os\ndef f():\n    number = b'gg1\\n' + (3).to_bytes(8, 'little')\n"
        f"    os.write(3, {content})\n    return 1\n"
    )
    pid = conversation.channel.pid
    with pytest.raises(BrokenProtocol):
        conversation.call()
    assert not psutil.pid_exists(pid)


def test_a_busy_machine_costs_a_student_nothing(talk: Any) -> None:
    """CPU seconds are the process's own: waiting for a processor is not idling."""
    conversation = talk(
        "import time\ndef f():\n    t = time.process_time()\n"
        "    while time.process_time() - t < 0.3: pass\n    return 1\n"
    )
    before = conversation.channel.cpu_seconds
    assert conversation.call(cpu=5, idle=5)["value"] == 1
    assert 0.3 <= conversation.channel.cpu_seconds - before < 1


def test_the_assignments_limits_are_taken() -> None:
    """Megabytes and kilobytes become bytes; the backstops follow from the CPU limit."""
    limits = ProcessLimits.of(Limits(memory_mb=512, output_kb=16))
    assert (limits.memory_bytes, limits.output_bytes) == (512 << 20, 16 << 10)
    assert Deadline.of_cpu(60) == Deadline(60, 70, 610)
    assert Deadline.of_cpu(60, waiting=3) == Deadline(60, 63, 603)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        pytest.param("open(str(n), 'wb').write(bytes(1 << 20))", None, id="bytes"),
        pytest.param("open(str(n), 'wb').close()", NUMBER, id="files"),
    ],
)
def test_a_folder_on_the_disk_is_watched(
    talk: Any, basic: ForkServer, body: str, detail: str | None
) -> None:
    """Where no folder in memory bounds what is written, its size and number of files are."""
    limits = ProcessLimits(box_bytes=8 << 20, box_files=100)
    conversation = talk(f"def f():\n    for n in range(1 << 30): {body}\n", limits, on=basic)
    ended = _ending(conversation, cpu=9)
    assert (ended.reason, ended.detail) == ("files", detail)
    assert ended.used > ended.limit


def test_many_short_calls_do_not_fill_the_disk(talk: Any, basic: ForkServer) -> None:
    """What is written between two looks counts, too."""
    limits = ProcessLimits(box_bytes=1 << 20)
    source = "def f(n): open(str(n), 'wb').write(bytes(1 << 20))"
    conversation = talk(source, limits, on=basic)
    conversation.call("f", 1)
    conversation.call("f", 2)
    with pytest.raises(Ended) as ended:
        conversation.call("f", 3)
    assert ended.value.reason == "files"
