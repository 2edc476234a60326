"""grader/batch/cluster/bench.py: what a worker keeps is a cache, and never costs a mark."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.batch.cluster import bench as room
from grader.batch.cluster.messages import Delivery, Reply, is_unprepared
from grader.batch.marker import Answer, Marker
from grader.intake.parcel import Parcel, take
from grader.intake.parcel_bytes import parcel_to_bytes
from grader.marking import Marking
from grader.sandbox import ForkServer, Obstacle, Wall

pytestmark = pytest.mark.slow  # starts servers

TOKEN, KEY = "batch", bytes(32)


@pytest.fixture
def delivery(marking: Marking) -> Iterator[Delivery]:
    """What a client sends; what it leaves on this worker is taken away."""
    yield Delivery(marking, train=False, tier=None, patience=60, key=KEY)
    asyncio.run(room.dismiss(TOKEN))


@pytest.fixture
def parcel(tmp_path: Path, marking: Marking) -> bytes:
    """A submission that is quick to mark."""
    (tmp_path / "layers.py").write_text("x = 1\n")
    limits = marking.assignment.limits
    return parcel_to_bytes(take(tmp_path, limits), limits)


def prepare(delivery: Delivery) -> dict[str, str | None]:
    """What the worker says when it is given this."""
    said = json.loads(asyncio.run(room.prepare(TOKEN, delivery.to_bytes())))
    assert isinstance(said, dict)
    return said


def mark(parcel: bytes) -> Reply:
    """The worker's reply."""
    return Reply.from_bytes(room.mark(TOKEN, parcel), KEY)


def test_a_worker_marks_when_it_was_given_what_it_needs(delivery: Delivery, parcel: bytes) -> None:
    """Before, and after the farewell, it says that it has nothing."""
    assert is_unprepared(room.mark(TOKEN, parcel)) is not None
    said = prepare(delivery)
    assert said["failure"] is None
    reply = mark(parcel)
    assert reply.result is not None
    assert reply.result.wall == said["wall"]
    assert reply.result.bundle is not None
    assert reply.result.bundle.sha256 == delivery.marking.bundle_sha256
    asyncio.run(room.dismiss(TOKEN))
    assert is_unprepared(room.mark(TOKEN, parcel)) is not None


def test_what_nobody_asks_for_is_dropped(
    delivery: Delivery, parcel: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that was killed leaves nothing behind for longer than a lease."""
    monkeypatch.setattr(room, "LEASE_SECONDS", 0.2)
    prepare(delivery)
    bench = room._benches[TOKEN]
    (marker,) = bench._idle
    for _ in range(100):
        if TOKEN not in room._benches:
            break
        time.sleep(0.1)
    assert TOKEN not in room._benches
    assert marker._server is None
    assert is_unprepared(room.mark(TOKEN, parcel)) is not None


def test_a_bench_in_use_does_not_expire(
    delivery: Delivery, parcel: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A submission may take longer than a lease: its mark is not lost."""
    bench = room.Bench(delivery)
    begun, go_on = threading.Event(), threading.Event()

    def slow(_marker: Marker, _parcel: Parcel) -> Answer:
        begun.set()
        go_on.wait(60)
        return Answer(None, "slow but whole")

    monkeypatch.setattr(Marker, "mark", slow)
    answers: list[Answer] = []
    marking = threading.Thread(target=lambda: answers.append(bench.mark(parcel)))
    marking.start()
    assert begun.wait(60)
    expiring = threading.Thread(target=bench.expire, args=(0.01,))
    expiring.start()
    expiring.join(0.3)
    assert expiring.is_alive()
    go_on.set()
    marking.join()
    assert answers == [Answer(None, "slow but whole")]
    expiring.join(60)
    assert bench.closed


def test_a_grader_that_does_not_come_back_is_given_up(
    delivery: Delivery, parcel: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's thread is free again, and the next submission is marked by another marker."""
    bench = room.Bench(Delivery(delivery.marking, False, None, patience=0.1, key=KEY))
    never = threading.Event()

    with monkeypatch.context() as patch:
        patch.setattr(Marker, "mark", lambda *_: never.wait())
        answer = bench.mark(parcel)
    assert answer.failed
    assert "did not come back" in (answer.trouble or "")
    assert not bench._busy
    assert not bench._idle
    never.set()
    bench.close()


def test_further_servers_have_the_wall_of_the_first(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was proved when the worker was let in holds for each of its threads."""
    bench = room.Bench(delivery)
    tier = bench.ready().wall
    asked: list[object] = []
    real = ForkServer.start

    def start(*args: object, **options: object) -> ForkServer:
        asked.append(options["tier"])
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ForkServer, "start", start)
    first, second = bench._hire(), bench._hire()
    second.start()
    assert asked == [tier]
    bench._return(first)
    bench._return(second)
    bench.close()


def test_a_weak_wall_is_reported(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client decides whether it will do."""
    real = ForkServer.start

    def start(*args: object, **options: object) -> ForkServer:
        server = real(*args, **options)  # type: ignore[arg-type]
        server.wall = Wall("basic", obstacles=(Obstacle("full", "bubblewrap is not installed"),))
        return server

    monkeypatch.setattr(ForkServer, "start", start)
    said = prepare(delivery)
    assert said["wall"] == "basic"
    assert "bubblewrap is not installed" in (said["refused"] or "")


def test_a_delivery_that_is_none_is_a_failure_in_words(parcel: bytes) -> None:
    """An exception would have Dask write the arguments, hidden cases, into the worker's log."""
    said = json.loads(asyncio.run(room.prepare(TOKEN, b"secret")))
    assert said["failure"]
    assert "secret" not in said["failure"]
    assert is_unprepared(room.mark(TOKEN, parcel)) is not None


def test_equipment_names_what_marks_depend_on() -> None:
    """Versions, and frameworks that are not there."""
    said = json.loads(room.equipment(["numpy", "no_such_framework"]))
    assert said["numpy"] == np.__version__
    assert said["lacking"] == ["no_such_framework"]
    assert said["goldgrad"]
    assert said["solution"]
