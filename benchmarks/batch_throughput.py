"""What `grade batch` costs beside the students' own code, by who spends it.

    python -m benchmarks.batch_throughput [--submissions 25] [--jobs 2] [--train]

Marks that many small submissions, then four times as many, with the real command; the difference
of the two is what one more submission costs, without what it takes to start. CPU time is counted,
not wall time, so that a busy machine changes little; the load is printed, as a crowded cache still
makes everything dearer. Linux alone counts so.

The submissions are the right sample, the samples with one mistake, the notebook and the template,
in turn, each with a comment of its own. Training, which takes far longer than all the rest, is left
out unless ``--train`` is given.

As the students' own counts only what their functions and the import of their modules take. It is
measured apart: everything that a grader sends to students' processes is recorded once for each kind
of submission, and carried out again in this process. The rest is overhead: starting and confining
processes, reading sources, messages and our loop on both sides of the wall, comparing, explaining,
storing, writing feedback.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
from tabulate import tabulate

from benchmarks.own_time import own_seconds
from fixtures.samples import Sample, load_samples

AIM_OVERHEAD: Final = 0.025
AIM_SHARE: Final = 0.9
AIM_MEMORY: Final = 300 << 20
_LOOK_SECONDS: Final = 0.2
_BATCH: Final = [sys.executable, "-c", "from grader.cli import main; main()", "batch"]
_KINDS: Final = ("good", "notebook", "template", "partly_done", "two_bugs")
_COUNTED: Final = ("user", "system", "children_user", "children_system")


@dataclass
class Run:
    """What one batch took, in CPU seconds."""

    submissions: int
    parent: float = 0.0
    graders: float = 0.0
    servers: float = 0.0
    waiting: float = 0.0
    """Processes that wait for a server to end."""
    students: float = 0.0
    requests: float = 0.0
    """Of ``students``, what Results say: in requests, our side of them included."""
    wall: float = 0.0
    peak_memory: int = 0
    """Of the parent, in bytes."""

    @property
    def total(self) -> float:
        """All processes."""
        return self.parent + self.graders + self.servers + self.waiting + self.students


@dataclass
class Watcher:
    """Looks at a command's processes again and again, until it ends."""

    pid: int
    _seen: dict[int, tuple[str, list[float]]] = field(default_factory=dict)
    _peak: int = 0

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Look until the process has ended."""
        while process.poll() is None:
            self._look()
            time.sleep(_LOOK_SECONDS)

    def fill_in(self, run: Run) -> None:
        """Note what was seen."""
        run.peak_memory = self._peak
        for role, (user, system, below_user, below_system) in self._seen.values():
            setattr(run, role, getattr(run, role) + user + system)
            if role == "servers":  # the dead below a fork server are students' processes
                run.students += below_user + below_system

    def _look(self) -> None:
        try:
            parent = psutil.Process(self.pid)
            processes = [parent, *parent.children(recursive=True)]
        except psutil.Error:
            return
        for process in processes:
            try:
                role = self._seen[process.pid][0] if process.pid in self._seen else role_of(process)
                if role is not None:
                    times = process.cpu_times()
                    self._seen[process.pid] = role, [getattr(times, name) for name in _COUNTED]
            except psutil.Error:
                continue
        self._peak = max(self._peak, peak_memory(self.pid))

    def __post_init__(self) -> None:
        self._seen[self.pid] = "parent", [0.0] * 4


def role_of(process: psutil.Process) -> str | None:
    """Whose time it is, a field of Run; None for what a server counts itself."""
    line = " ".join(process.cmdline())
    if "multiprocessing" in line:
        return "graders"
    if "worker/bootstrap.py" in line:
        # A student's process has the command line of the server that forked it, but no children.
        return "servers" if process.children() else None
    return "waiting" if "bwrap" in line else None


def peak_memory(pid: int) -> int:
    """The most memory a living process has occupied, in bytes; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = (line for line in text.splitlines() if line.startswith("VmHWM:"))
    return int(next(lines, "VmHWM: 0").split()[1]) << 10


def kinds() -> list[Sample]:
    """The samples that the class is made of."""
    samples = load_samples()
    mistakes = [name for name in samples if name.startswith("bug_")]
    return [samples[name] for name in (*_KINDS, *mistakes)]


def write_class(folder: Path, number: int) -> None:
    """That many submissions, no two alike."""
    for index, sample in zip(range(number), itertools.cycle(kinds())):
        report = {"remark.txt": f"submission {index}\n".encode()}
        name = f"s{index:05}"
        dataclasses.replace(sample, name=name, files={**sample.files, **report}).write_zip(folder)


def mark(number: int, jobs: int, *, train: bool) -> Run:
    """Mark a class of that size with the real command."""
    with tempfile.TemporaryDirectory() as scratch:
        submissions, results = Path(scratch, "submissions"), Path(scratch, "results")
        write_class(submissions, number)
        options = [str(submissions), "--out", str(results), "-j", str(jobs), "--json"]
        options += ["--seed", "benchmark", *([] if train else ["--no-train"])]
        run = Run(number)
        began = time.perf_counter()
        with Path(scratch, "lines").open("wb+") as lines, Path(scratch, "said").open("wb+") as said:
            process = subprocess.Popen([*_BATCH, *options], stdout=lines, stderr=said)
            watcher = Watcher(process.pid)
            watcher.watch(process)
            run.wall = time.perf_counter() - began
            watcher.fill_in(run)
            lines.seek(0)
            said.seek(0)
            if process.returncode != 0:
                sys.exit(f"the batch ended with {process.returncode}:\n{said.read().decode()}")
            results_of = [json.loads(line) for line in lines]
        run.requests = sum(result["timing"]["student_cpu"] for result in results_of)
        if len(results_of) != number:
            sys.exit(f"{len(results_of)} results of {number} submissions")
    return run


def own_mean(number: int, *, train: bool) -> float:
    """CPU seconds of students' own code a submission, in a class of that size."""
    chosen = kinds()[:number]
    seconds = own_seconds(chosen, train=train)
    turns = itertools.cycle(seconds)
    return sum(itertools.islice(turns, number)) / number


def report(small: Run, large: Run, own: float, jobs: int, *, train: bool) -> None:
    """Print what one more submission costs, and memory."""
    more = large.submissions - small.submissions

    def each(name: str) -> float:
        return float(getattr(large, name) - getattr(small, name)) / more

    total = each("total")
    rows: list[Sequence[object]] = [
        ["students' processes", 1e3 * each("students")],
        ["  students' own functions and modules", 1e3 * own],
        ["  in requests, as Results say (our loop in them included)", 1e3 * each("requests")],
        ["fork servers", 1e3 * each("servers")],
        ["graders' processes", 1e3 * each("graders")],
        ["the command itself", 1e3 * each("parent")],
        ["all", 1e3 * total],
    ]
    kind = "with training" if train else "without training"
    print(
        f"{small.submissions} and {large.submissions} submissions {kind}, {jobs} jobs, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    print(tabulate(rows, headers=["one submission", "CPU ms"], floatfmt=".1f"))
    print()
    peak = max(small.peak_memory, large.peak_memory)
    overhead, share = total - own, own / total
    aims = [
        ["overhead a submission, ms", 1e3 * overhead, 1e3 * AIM_OVERHEAD, overhead <= AIM_OVERHEAD],
        ["students' own share of CPU time, %", 100 * share, 100 * AIM_SHARE, share >= AIM_SHARE],
        ["the command's memory, MB", peak / 2**20, AIM_MEMORY / 2**20, peak <= AIM_MEMORY],
        ["  of which by three times more submissions",
         (large.peak_memory - small.peak_memory) / 2**20, None, None],
        ["submissions a second", large.submissions / large.wall, None, None],
    ]  # fmt: skip
    said = {True: "met", False: "MISSED", None: ""}
    cells = [[title, value, aim, said[met]] for title, value, aim, met in aims]
    print(tabulate(cells, headers=["", "", "aim", ""], floatfmt=".1f"))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="What a batch costs beside the students' code.")
    parser.add_argument("--submissions", type=int, default=25)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--train", action="store_true", help="train the networks, too")
    options = parser.parse_args()
    if sys.platform != "linux":
        sys.exit("the CPU time of processes that have ended is told by Linux alone")
    small = mark(options.submissions, options.jobs, train=options.train)
    large = mark(4 * options.submissions, options.jobs, train=options.train)
    own = own_mean(4 * options.submissions, train=options.train)
    report(small, large, own, options.jobs, train=options.train)


if __name__ == "__main__":
    main()
