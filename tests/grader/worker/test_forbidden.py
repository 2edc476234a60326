"""What the system refuses is named; real refusals, behind the filter of system calls."""

from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from grader.worker import forbidden, seccomp
from grader.worker.failures import describe

if TYPE_CHECKING:
    from .conftest import Filtered

_BEHIND_THE_FILTER = pytest.mark.skipif(
    not seccomp.available(), reason="NOT TESTED: no filter of system calls on this machine"
)
_FIRST = """
import json, multiprocessing, socket, subprocess, threading, urllib.request
from grader.worker import forbidden
forbidden.install()
"""
_SOURCE = """
forbidden.forget()
found = "no exception"
try:
    {}
except Exception as error:
    found = forbidden.refusal(error)
print(json.dumps(found))
"""


@_BEHIND_THE_FILTER
@pytest.mark.parametrize(
    ("statement", "category", "call"),
    [
        ("os.fork()", "process", "os.fork"),
        ("subprocess.run(['ls'])", "process", "subprocess.Popen"),
        ("subprocess.run(['no-such-program'])", "process", "subprocess.Popen"),
        ("os.execv('/bin/ls', ['ls'])", "process", "os.exec"),
        ("os.posix_spawn('/bin/ls', ['ls'], {})", "process", "os.posix_spawn"),
        ("multiprocessing.Process(target=print).start()", "process", "multiprocessing"),
        ("threading.Thread(target=print).start()", "thread", "threading.Thread"),
        ("socket.socket()", "network", "socket.__new__"),
        ("socket.create_connection(('127.0.0.1', 9))", "network", "socket.__new__"),
        ("os.chmod('.', 0o777)", "attributes", "os.chmod"),
        ("os.nice(-1)", "other", ""),
    ],
)
def test_a_refusal_is_named(filtered: Filtered, statement: str, category: str, call: str) -> None:
    """By the kind of operation, and by Python's own name for it."""
    found = json.loads(filtered.output(_SOURCE.format(statement), first=_FIRST))
    assert found == {"category": category, "call": call}


@_BEHIND_THE_FILTER
def test_an_address_that_cannot_be_looked_up_is_the_network(filtered: Filtered) -> None:
    """However deep in a library, and whatever the library calls it."""
    statement = "urllib.request.urlopen('http://127.0.0.1:9/')"
    found = json.loads(filtered.output(_SOURCE.format(statement), first=_FIRST))
    assert found["category"] == "network"


@pytest.mark.parametrize(
    ("last", "error", "expected"),
    [
        (("open", "x", "r", 0), PermissionError(13, "", "/etc/x"), ("reading", "open")),
        (("open", "x", "w", 0o1101), PermissionError(13, "", "/etc/x"), ("writing", "open")),
        (("os.remove", "x", -1), PermissionError(13, "", "/etc/x"), ("writing", "os.remove")),
        (("os.fork",), BlockingIOError(errno.EAGAIN, ""), ("process", "os.fork")),
        (("os.kill", 1, 9), ProcessLookupError(errno.ESRCH, ""), ("signal", "os.kill")),
        (("open", "x", "w", 1), OSError(errno.ENOSPC, ""), ("space", "ENOSPC")),
        (("open", "x", "w", 1), OSError(errno.EFBIG, ""), ("space", "EFBIG")),
        (("open", "x", "r", 0), OSError(errno.EMFILE, "", "x"), ("open files", "EMFILE")),
        (("os.fork",), PermissionError(13, "", "/etc/x"), ("process", "os.fork")),
        (("socket.__new__",), PermissionError(13, "", "/etc/x"), ("reading", "")),
        (("open", "x", "r", 0), PermissionError(1, ""), ("other", "")),
        # What follows is the code's own affair.
        (("open", "x", "r", 0), FileNotFoundError(2, "", "dataset.txt"), None),
        (("os.system", "clear"), FileNotFoundError(2, "", "dataset.txt"), None),
        (("socket.__new__",), FileNotFoundError(2, "", "dataset.txt"), None),
        (("os.fork",), ValueError("shapes do not match"), None),
        (("os.fork",), RuntimeError("no convergence"), None),
        (("os.fork",), OSError("my own"), None),
        (("open", "x", "r", 0), IsADirectoryError(21, "", "x"), None),
    ],
)
def test_the_number_and_the_last_operation_decide(
    monkeypatch: pytest.MonkeyPatch,
    last: tuple[Any, ...],
    error: BaseException,
    expected: tuple[str, str] | None,
) -> None:
    """An honest exception is no refusal, whatever was done before it."""
    monkeypatch.setattr(forbidden, "_last", ("", None))
    forbidden._remember(last[0], last[1:])
    found = forbidden.refusal(error)
    assert found == (expected and {"category": expected[0], "call": expected[1]})


@pytest.mark.parametrize(("room", "call"), [(0, "ENOSPC"), (7, "EFBIG")])
def test_a_write_cut_short_is_told_by_the_room_that_is_left(
    monkeypatch: pytest.MonkeyPatch, room: int, call: str
) -> None:
    """NumPy gives no number; where there is room, it was the largest size of a file."""
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result([0] * 4 + [room] + [0] * 5))
    found = forbidden.refusal(OSError("800 requested and 12 written"))
    assert found == {"category": "space", "call": call}


def test_every_answer_is_of_the_closed_vocabulary() -> None:
    """The parent shows nothing else."""
    assert set(forbidden._EVENTS.values()) <= set(forbidden.CATEGORIES)
    assert set(forbidden._EVENTS) <= forbidden.CALLS


def test_other_events_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does the next request see what an earlier one did."""
    monkeypatch.setattr(forbidden, "_last", ("", None))
    forbidden._remember("os.fork", ())
    forbidden._remember("builtins.id", (1,))
    assert forbidden._last == ("os.fork", None)
    forbidden.forget()
    assert forbidden.refusal(PermissionError(1, "")) == {"category": "other", "call": ""}


def test_an_exception_that_fights_back_is_described_without() -> None:
    """Attributes of a student's class may raise anything."""

    class Spiteful(OSError):
        @property
        def errno(self) -> int:  # type: ignore[override]  # that is the point
            raise SystemExit

    assert "refused" not in describe(Spiteful(), ())
    assert describe(PermissionError(1, ""), ())["refused"] == {"category": "other", "call": ""}
