"""Times whole commands as a person waits for them, beside what the student's code itself needs.

    python -m benchmarks.grading [--rounds 5]

Every round runs each command once, one after the other, so that a busy machine slows all alike; the
table shows medians. The aim: `grade` of the good sample takes at most 0.5 s more than the student's
own computing time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tabulate import tabulate

from fixtures.samples import load_samples

AIM_SECONDS = 0.5
GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]


@dataclass
class Contestant:
    """A command and what its runs took."""

    title: str
    command: list[str]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    output: str = ""

    def run(self) -> None:
        """Run once, and note seconds of wall time and of CPU time (all its processes)."""
        with tempfile.TemporaryFile() as output:
            started = time.perf_counter()
            process = subprocess.Popen(self.command, stdout=output, stderr=output)
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            self.output = output.read().decode()
        if process.returncode != 0:
            sys.exit(f"{self.title} ended with {process.returncode}:\n{self.output}")
        self.wall.append(wall)
        self.cpu.append(used.ru_utime + used.ru_stime)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Time grading against the student's own code.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        contestants, graded = line_up(Path(scratch))
        for contestant in contestants:
            contestant.run()  # the first run makes caches, such as the hidden cases
            contestant.wall.clear()
            contestant.cpu.clear()
        student = []
        for _ in range(rounds):
            for contestant in contestants:
                contestant.run()
            student.append(json.loads(graded.output)["timing"]["student_cpu"])
    report(contestants, graded, student)


def line_up(scratch: Path) -> tuple[list[Contestant], Contestant]:
    """The commands to time, and which of them grades the good sample."""
    good = load_samples()["good"]
    package, folder = good.write_zip(scratch), good.write_folder(scratch)
    graded = Contestant("grade good.zip", [*GRADE, str(package), "--json", "--seed", "benchmark"])
    return [
        Contestant('python -c "import numpy"', [sys.executable, "-c", "import numpy"]),
        Contestant("grade --help", [*GRADE, "--help"]),
        Contestant("grade check", [*GRADE, "check", str(folder)]),
        graded,
    ], graded


def report(contestants: list[Contestant], graded: Contestant, student: list[float]) -> None:
    """Print all medians, then the good sample's grading against the student's own time."""
    unit = statistics.median(contestants[0].wall)
    medians = [(c.title, statistics.median(c.wall), statistics.median(c.cpu)) for c in contestants]
    rows = [[title, wall, cpu, wall / unit] for title, wall, cpu in medians]
    headers = ["command", "wall s", "CPU s", "x import numpy"]
    print(f"median of {len(graded.wall)} runs, {os.cpu_count()} cores")
    print(tabulate(rows, headers=headers, floatfmt=".2f"))
    wall, own = statistics.median(graded.wall), statistics.median(student)
    comparison = [
        ["grade good.zip, from start to end", wall, wall / own],
        ["the student's code, CPU time of all its runs", own, 1.0],
        [f"difference (aim: at most {AIM_SECONDS} s)", wall - own, (wall - own) / own],
    ]
    print()
    print(tabulate(comparison, headers=["good sample", "s", "x student"], floatfmt=".2f"))


if __name__ == "__main__":
    main()
