"""Times what the wall costs: a server's start, a fresh jailed process, and calls through it.

    python -m benchmarks.wall [--rounds 50] [--starts 7]

All in one run and in turns, so that a busy machine slows all alike. The floor beside a fresh jailed
process is a bare fork of a process that holds NumPy; beside a server's start it is a Python that
imports NumPy. A tier that cannot be had here is a row that says why.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np
from tabulate import tabulate

from grader.errors import GoldgradError
from grader.sandbox import Channel, Deadline, ForkServer, ProcessLimits, Tier

START_AIM: Final = 0.3
FRESH_AIM: Final = 0.010
SOURCE: Final = "def small(x): return x\ndef large(x): return x + 1\n"
RULES: Final = {"allow": ["numpy"], "inert": []}
LARGE: Final = np.zeros(10 * 10**6 // 8)
DEADLINE: Final = Deadline.of_cpu(60)

Result = TypeVar("Result")


@dataclass
class Row:
    """One thing that is timed, in seconds."""

    title: str
    aim: float | None = None
    times: list[float] = field(default_factory=list)
    missing: str | None = None

    def cells(self) -> list[object]:
        """Median and quartiles in milliseconds, and the aim."""
        if not self.times:
            return [self.title, None, None, None, None, self.missing or "not measured"]
        low, median, high = quartiles(self.times)
        aim = None if self.aim is None else 1e3 * self.aim
        met = "" if aim is None else "met" if median <= aim else "MISSED"
        return [self.title, median, low, high, aim, met]


class Contestant:
    """One kind of wall, its server once it is started, and its rows.

    Args:
        title: as it is shown.
        tier: to ask for.
        namespaces: whether the server may use them.
    """

    def __init__(self, title: str, tier: Tier, namespaces: bool = True) -> None:
        self._tier: Tier = tier
        self._namespaces = namespaces
        self._server: ForkServer | None = None
        self.start = Row(f"{title}: server start", START_AIM)
        self.fresh = Row(f"{title}: fresh process, to its first answer", FRESH_AIM)
        self.small = Row(f"{title}: small call")
        self.large = Row(f"{title}: 10 MB there and back")
        self.ended = Row(f"{title}: process ended, nothing left")

    @property
    def rows(self) -> list[Row]:
        """What is shown of it; a wall that cannot be had has one row."""
        rows = [self.start, self.fresh, self.small, self.large, self.ended]
        return rows[:1] if self.start.missing else rows

    def start_once(self, keep: bool) -> None:
        """Time a server's start, and close it again unless it is to be used."""
        if self.start.missing is not None:
            return
        began = time.perf_counter()
        try:
            server = ForkServer.start(tier=self._tier, namespaces=self._namespaces)
        except GoldgradError as error:
            self.start.missing = str(error)
            return
        self.start.times.append(time.perf_counter() - began)
        if keep:
            self._server = server
        else:
            server.close()

    def round(self) -> None:
        """Time one fresh process and calls to it."""
        server = self._server
        if server is None:
            return
        channel = timed(self.fresh, lambda: answering(server))
        load(channel)
        timed(self.small, lambda: call(channel, "small", 1.0))
        timed(self.large, lambda: call(channel, "large", LARGE))
        timed(self.ended, channel.close)

    def close(self) -> None:
        """End the server."""
        if self._server is not None:
            self._server.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time what the wall costs.")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--starts", type=int, default=7)
    options = parser.parse_args()
    contestants = [
        Contestant("full", "full"),
        Contestant("kernel", "kernel"),
        Contestant("kernel, no namespaces", "kernel", namespaces=False),
        Contestant("basic", "basic"),
    ]
    numpy_alone, bare_fork = Row('python -c "import numpy"'), Row("a bare fork, to its first byte")
    with contextlib.ExitStack() as stack:
        for number in range(options.starts):
            timed(numpy_alone, import_numpy)
            for contestant in contestants:
                contestant.start_once(keep=number == options.starts - 1)
                stack.callback(contestant.close)
        floor = stack.enter_context(BareForks())
        for _ in range(options.rounds):
            timed(bare_fork, floor.fork)
            for contestant in contestants:
                contestant.round()
    headers = ["", "median ms", "quartile", "quartile", "aim", ""]
    rows = [numpy_alone, bare_fork, *(row for c in contestants for row in c.rows)]
    print(
        f"{options.starts} starts, {options.rounds} processes of each kind in turns,"
        f" {os.cpu_count()} cores, user {os.geteuid() if hasattr(os, 'geteuid') else '?'}"
    )
    cells = [row.cells() for row in rows]
    widths = [None] * 5 + [36]  # why a wall cannot be had takes several lines
    print(tabulate(cells, headers=headers, floatfmt=".1f", maxcolwidths=widths))


class BareForks:
    """Forks of a process that holds NumPy and does nothing else, asked for over a pipe.

    A process of its own, as this one has grown by what it measures.
    """

    _SCRIPT: Final = (
        "import os, sys, numpy as np\n"
        "while sys.stdin.buffer.read1(1):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        np.ones((8, 8)) @ np.ones((8, 8))\n"
        "        os.write(1, b'x')\n"
        "        os._exit(0)\n"
        "    os.waitpid(pid, 0)\n"
    )

    def __enter__(self) -> BareForks:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )
        self.fork()  # the first one waits for NumPy
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def fork(self) -> None:
        """One fork, until its child has computed and answered."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("started without pipes")
        self._process.stdin.write(b"x")
        self._process.stdout.read(1)


def timed(row: Row, action: Callable[[], Result]) -> Result:
    """Do it once and note how long it took."""
    began = time.perf_counter()
    result = action()
    row.times.append(time.perf_counter() - began)
    return result


def answering(server: ForkServer) -> Channel:
    """A fresh process that has answered once."""
    channel = server.fork(ProcessLimits())
    channel.request({"op": "load", "sources": {"m.py": SOURCE}, "rules": RULES}, DEADLINE)
    return channel


def import_numpy() -> None:
    """What any grader in Python pays at least."""
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)


def load(channel: Channel) -> None:
    """Import the module with the two functions."""
    channel.request({"op": "import", "path": "m.py"}, DEADLINE)


def call(channel: Channel, function: str, argument: object) -> None:
    """Call one of them."""
    message = {"op": "call", "path": "m.py", "function": function, "keep": ()}
    channel.request(message, DEADLINE, (argument,))


def quartiles(times: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile, in milliseconds."""
    if len(times) == 1:
        return (1e3 * times[0],) * 3
    low, median, high = (1e3 * t for t in statistics.quantiles(times, n=4))
    return low, median, high


if __name__ == "__main__":
    main()
