"""What must work under the filter, and how a process ends under it; refusals: test_seccomp.py."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

import pytest

from grader.worker import seccomp

if TYPE_CHECKING:
    from .conftest import Filtered

pytestmark = pytest.mark.skipif(
    not seccomp.available(), reason="NOT TESTED: no filter of system calls on this machine"
)

_EVERYDAY = """
import csv, dataclasses, datetime, decimal, faulthandler, fcntl, glob, io, json, math, os, pathlib
import pickle, random, resource, select, shutil, signal, sqlite3, statistics, tempfile, time, uuid
import zipfile
import numpy as np
import numpy.fft, numpy.linalg, numpy.random

faulthandler.enable()
here = pathlib.Path.cwd()
assert ctypes.sizeof(ctypes.c_long) == 8 and decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3")
assert sqlite3.connect(":memory:").execute("select 6 * 7").fetchone() == (42,)

generator = np.random.default_rng(1)
A = generator.normal(size=(200, 200))
assert np.allclose(A @ np.linalg.solve(A, A), A) and np.linalg.svd(A)[1].min() > 0
assert np.allclose(np.fft.ifft(np.fft.fft(A)), A)
np.random.seed(None)

with tempfile.TemporaryDirectory() as name, tempfile.NamedTemporaryFile() as file:
    folder = pathlib.Path(name)
    np.save(folder / "a.npy", A)
    np.savez_compressed(folder / "b.npz", A=A)
    assert np.array_equal(np.load(folder / "a.npy", mmap_mode="r"), A)
    assert np.array_equal(np.load(folder / "b.npz")["A"], A)
    np.savetxt(folder / "c.txt", A)
    np.memmap(folder / "d", mode="w+", shape=(9,))[:] = 1
    shutil.copyfile(folder / "a.npy", folder / "e")
    os.rename(folder / "e", folder / "f")
    with open(folder / "f", "r+b") as opened:
        opened.truncate(5)
        os.fsync(opened)
        os.posix_fallocate(opened.fileno(), 0, 100)
    (folder / "x" / "y").mkdir(parents=True)
    (folder / "touched").touch()
    (folder / "g.json").write_text(json.dumps({"a": 1}))
    assert len(list(folder.rglob("*"))) == 9 and len(list(os.scandir(folder))) == 8
    shutil.rmtree(folder / "x")
    assert shutil.disk_usage(folder).total > 0 and os.access(folder, os.W_OK)
    os.chdir(folder)
    assert os.getcwd() == os.path.realpath(folder)
    os.chdir(here)
    file.write(b"1")

assert len(os.urandom(8)) == 8 and uuid.uuid4() != uuid.uuid4()
assert os.cpu_count() and os.sched_getaffinity(0) and os.uname().sysname == "Linux"
assert not os.isatty(1) and os.getpgid(0) == os.getpgrp() and os.getsid(0) == os.getsid(os.getpid())
time.sleep(0.001)
assert time.process_time() > 0 and datetime.datetime.now().year > 2000
soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
for limit in (1000, 999):
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0

seen = []
signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.001)
signal.sigtimedwait([signal.SIGUSR2], 0.01)
os.kill(os.getpid(), signal.SIGALRM)
signal.raise_signal(signal.SIGALRM)
assert len(seen) == 3

r, w = os.pipe()
os.set_blocking(r, False)
os.write(w, b"1")
assert select.select([r], [], [], 1)[0] == [r] and os.read(os.dup(r), 9) == b"1"
with select.epoll() as waiting:
    waiting.register(w, select.EPOLLOUT)
    assert waiting.poll(1)
os.dup2(w, 40)
os.closerange(40, 50)
print("done", end="")
"""


@pytest.mark.parametrize("threads", [False, True])
def test_everyday_python_and_numpy_work(filtered: Filtered, threads: bool) -> None:
    """All imported after the filter: modules of the standard library, NumPy, files, clocks."""
    assert filtered.output(_EVERYDAY, threads=threads) == "done"


def test_linear_algebra_gives_the_same_with_and_without_the_filter(filtered: Filtered) -> None:
    """No library quietly chooses another way because a question to the kernel was refused."""
    source = (
        "import numpy as np\nfrom hashlib import sha256\n"
        "A = np.random.default_rng(1).normal(size=(150, 150))\n"
        "out = [A @ A, np.linalg.inv(A), *np.linalg.svd(A), *np.linalg.eigh(A), np.exp(A)]\n"
        "print(sha256(b''.join(np.ascontiguousarray(x).tobytes() for x in out)).hexdigest())"
    )
    assert filtered.output(source) == filtered.output("", first=source)


_START = "import threading\nt = threading.Thread(target=print, args=('ran',))\nt.start(); t.join()"


def test_threads_only_where_they_are_allowed(filtered: Filtered) -> None:
    """Allowed, they run; else Python raises what it raises at a limit, and goes on."""
    assert filtered.output(_START, threads=True) == "ran\n"
    done = filtered.run(f"try:\n    exec({_START!r})\nexcept RuntimeError as e:\n    print(e)")
    assert (done.returncode, done.stdout) == (0, "can't start new thread\n")


def test_allowed_threads_are_not_processes_and_are_filtered(filtered: Filtered) -> None:
    """With threads, fork is refused still, from within a thread too."""
    source = (
        "import threading\ndef run():\n    for call in (os.fork, os.setsid):\n"
        "        try:\n            call()\n        except PermissionError:\n"
        "            print('refused')\n"
        "run()\nt = threading.Thread(target=run)\nt.start(); t.join()"
    )
    assert filtered.output(source, threads=True) == "refused\n" * 4


def test_the_request_socket_works_and_passes_no_descriptors(filtered: Filtered) -> None:
    """Python's socket over a descriptor: recv_into, sendall, timeouts; not sendmsg, not others."""
    ours, theirs = socket.socketpair()
    source = f"""
import socket
connection = socket.socket(fileno={theirs.fileno()})
assert connection.family == socket.AF_UNIX and connection.type == socket.SOCK_STREAM
connection.settimeout(10)
buffer = bytearray(4)
assert connection.recv_into(buffer) == 4
connection.settimeout(None)
connection.sendall(bytes(buffer) * 2)
refused = [
    lambda: connection.send(b"x", socket.MSG_OOB),
    lambda: connection.recv(1, socket.MSG_OOB),
    lambda: socket.send_fds(connection, [b"x"], [1]),
    lambda: socket.recv_fds(connection, 1, 1),
    lambda: connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12),
    lambda: connection.getpeername(),
    lambda: connection.sendto(b"x", "/address"),
    lambda: connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24),
]
for number, call in enumerate(refused):
    try:
        call()
        print(number)
    except PermissionError:
        pass
"""
    with ours, theirs:
        ours.sendall(b"ping")
        done = filtered.run(source, descriptors=(theirs.fileno(),))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert ours.recv(100) == b"pingping"


def test_a_program_prepared_before_a_fork_is_the_childs_own(filtered: Filtered) -> None:
    """The fork server prepares; the child may signal itself and not the server."""
    source = """
seccomp.prepare(threads=False)
if child := os.fork():
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    after = """
os.kill(os.getpid(), 0)
try:
    os.kill(os.getppid(), 0)
except PermissionError:
    print("done")
"""
    assert filtered.output(after, first=source) == "done\n"


@pytest.mark.parametrize(
    ("source", "ending"),
    [
        ("os.abort()", signal.SIGABRT),
        ("os.kill(os.getpid(), 15)", signal.SIGTERM),
        ("ctypes.string_at(0)", signal.SIGSEGV),
        ("import faulthandler; faulthandler.enable(); ctypes.string_at(0)", signal.SIGSEGV),
        ("import faulthandler; faulthandler._sigabrt()", signal.SIGABRT),
    ],
)
def test_a_process_ends_as_it_would_without(
    filtered: Filtered, source: str, ending: signal.Signals
) -> None:
    """Crashes keep their signals, by which a verdict names them."""
    off = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))"
    assert filtered.run(source, first=off).returncode == -ending
