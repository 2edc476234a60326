"""Memory that is taken where no limit counts it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from grader.errors import GraderFailure
from grader.sandbox import Ended, ForkServer, ProcessLimits, watch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's walls")

_SOURCE = """
import os, sys
mmap = sys.modules['builtins'].__import__('mmap')
def anonymous(flags):
    try:
        mmap.mmap(-1, 1 << 20, flags)
    except PermissionError:
        return False
    return True
def f():
    kinds = {name: getattr(mmap, f'MAP_{name}') for name in ('SHARED', 'PRIVATE')}
    found = {name: anonymous(flag | mmap.MAP_ANONYMOUS) for name, flag in kinds.items()}
    for name, flags in ('read', os.O_RDONLY), ('write', os.O_RDWR):
        try:
            os.close(os.open('/dev/zero', flags))
            found[name] = True
        except PermissionError:
            found[name] = False
    with open('file', 'wb+') as file:
        file.truncate(8192)
        with mmap.mmap(file.fileno(), 8192) as mapped:
            mapped[5000] = 7
        file.seek(5000)
        found['file'] = file.read(1) == b'\\7'
    return found
"""


@pytest.fixture(scope="module", params=["full", "kernel", "bare"])
def walled(request: pytest.FixtureRequest) -> Iterator[ForkServer]:
    """A server behind each kind of wall that this machine has."""
    tier = "kernel" if request.param == "bare" else request.param
    try:
        server = ForkServer.start(tier=tier, namespaces=request.param != "bare")
    except GraderFailure as failure:
        pytest.skip(str(failure))
    with server:
        yield server


def test_shared_memory_without_a_file_cannot_be_had(talk: Any, walled: ForkServer) -> None:
    """It stays taken until its last page is unmapped, and the limit counts only what is mapped.

    Memory of one's own and files that are mapped, which are counted, can be had.
    """
    got = talk(_SOURCE, on=walled).call()
    found = {"SHARED": False, "PRIVATE": True, "read": True, "write": False, "file": True}
    assert got["value"] == found


_CROWD = """
import threading, time
def f(number):
    threading.stack_size(1 << 16)
    for started in range(number):
        try:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            return started
    return number
"""
_THREADS = {"allow": ["threading", "time"], "inert": []}


def test_threads_are_counted_for_each_process(talk: Any) -> None:
    """Where threads are allowed, one process has no more than 64, whatever another one has."""
    try:
        server = ForkServer.start(["decimal"], tier="full")
    except GraderFailure as failure:
        pytest.skip(str(failure))
    with server:
        crowds = [talk(on=server) for _ in range(3)]
        for crowd in crowds:
            crowd.ask(op="load", sources={"m.py": _CROWD}, rules=_THREADS)
            crowd.ask(op="import", path="m.py")
        wanted = (40, 40, 1000)
        got = [crowd.call("f", n)["value"] for crowd, n in zip(crowds, wanted, strict=True)]
    assert got == [40, 40, 63]


_DELETED = """
import os, sys
mmap = sys.modules['builtins'].__import__('mmap')
def f(number):
    kept = []
    for _ in range(number):
        with open('file', 'wb+') as file:
            file.write(bytes(1 << 20))
            file.flush()
            kept.append(mmap.mmap(file.fileno(), 4096))
        os.unlink('file')
    while True:
        pass
"""


@pytest.mark.slow
def test_a_disk_that_gets_full_of_deleted_files_is_noticed(
    talk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is mapped takes space without being in any folder, and there is no end of them.

    Where the disk is far from full, as many are nobody's concern.
    """
    small = ProcessLimits(box_bytes=1 << 20, file_bytes=1 << 20)
    try:
        server = ForkServer.start(tier="kernel", namespaces=False)
    except GraderFailure as failure:
        pytest.skip(str(failure))
    with server:
        with pytest.raises(Ended) as wide:
            talk(_DELETED, small, on=server).call("f", 32, cpu=0.6, idle=60.0, wall=120.0)
        monkeypatch.setattr(watch, "_RESERVE", 1 << 60)
        with pytest.raises(Ended) as full:
            talk(_DELETED, small, on=server).call("f", 32, cpu=60.0, idle=60.0, wall=120.0)
    assert (wide.value.reason, full.value.reason) == ("cpu", "files")
