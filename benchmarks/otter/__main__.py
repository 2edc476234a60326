"""`grade batch` beside `otter run`, on the same check and the same submissions.

    python -m benchmarks.otter [--submissions 500] [--through-otter 12] [--jobs 2] [--otter PATH]

Both mark the same submissions on the same machine, as many at a time as there are jobs: does
``conv_forward`` give the expected arrays, within the same tolerance? Each notebook is a command of
its own for Otter and takes as long for the hundredth as for the first; so Otter is given a few of
them (--through-otter; 0 for all), half before ours and half after, so that a busy machine slows
both alike. Our throughput includes the start of the command and the files it writes at the end.
We mark the notebooks, and once more the same code in zips, as our own assignment asks for it: that
spares us the process in which a document is read.

What can be compared is how many submissions a machine marks in an hour. What cannot: Otter is run
without its container, which is its wall, while ours stands; Otter starts a Jupyter kernel for every
notebook, ours forks a warm process; ours also reads the sources, looks for a named mistake and
writes feedback and a gradebook.

Otter is installed in an environment of its own where --otter names no other.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tabulate import tabulate

from benchmarks.otter.task import SEED, write_assignment, write_autograder, write_submissions

AIM: Final = 50
_OURS: Final = [sys.executable, "-c", "from grader.cli import main; main()", "batch"]
_WANTED: Final = "otter-grader>=6,<7"
_HOME: Final = Path("build/otter")


@dataclass
class Taken:
    """What marking some submissions took."""

    submissions: int = 0
    wall: float = 0.0

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.submissions + other.submissions, self.wall + other.wall)

    @property
    def per_second(self) -> float:
        """Throughput."""
        return self.submissions / self.wall


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="`grade batch` beside `otter run`.")
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--through-otter", type=int, default=12, metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--otter", type=Path, help="the command of an Otter that is installed")
    options = parser.parse_args()
    otter = (options.otter or installed_otter()).resolve()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        assignment = write_assignment(scratch)
        archive = write_autograder(assignment, scratch, otter)
        zips = scratch / "zips"
        files = write_submissions(scratch / "notebooks", zips, options.submissions)
        few = files[: options.through_otter or len(files)]
        first, rest = few[: len(few) // 2], few[len(few) // 2 :]
        theirs = measured(len(first), lambda: run_otter(otter, archive, first, options.jobs))
        of_zips = measured(len(files), lambda: run_ours(assignment, zips, options.jobs))
        ours = measured(len(files), lambda: run_ours(assignment, files[0].parent, options.jobs))
        theirs += measured(len(rest), lambda: run_otter(otter, archive, rest, options.jobs))
    report({"zips": of_zips, "notebooks": ours}, theirs, options.jobs)


def installed_otter() -> Path:
    """The command of an Otter in an environment of its own, made where there is none yet."""
    command = _HOME / "bin" / "otter"
    if not command.exists():
        print(f"installing {_WANTED} in {_HOME} ...", file=sys.stderr)
        venv.create(_HOME, with_pip=True)
        install = [str(_HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", _WANTED]
        subprocess.run([*install, "ipykernel", "numpy"], check=True)
    return command


def measured(submissions: int, action: Callable[[], None]) -> Taken:
    """What an action took."""
    began = time.perf_counter()
    action()
    return Taken(submissions, time.perf_counter() - began)


def run_otter(otter: Path, archive: Path, files: Sequence[Path], jobs: int) -> None:
    """Mark each file with a command of its own, some at a time; all must get full points."""

    def one(file: Path) -> None:
        with tempfile.TemporaryDirectory() as out:
            command = [str(otter), "run", "--no-logo", "-a", str(archive), "-o", out, str(file)]
            done = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
            results = Path(out, "results.json")
            if done.returncode != 0 or not results.exists():
                sys.exit(f"otter run ended with {done.returncode}:\n{done.stdout}{done.stderr}")
            tests = json.loads(results.read_text(encoding="utf-8"))["tests"]
            if sum(test.get("score") or 0 for test in tests) != sum(
                test.get("max_score") or 0 for test in tests
            ):
                sys.exit(f"otter gives no full points:\n{json.dumps(tests, indent=1)}")

    with ThreadPoolExecutor(jobs) as threads:
        list(threads.map(one, files))


def run_ours(assignment: Path, submissions: Path, jobs: int) -> None:
    """Mark the folder with the real command; all must get full points."""
    with tempfile.TemporaryDirectory() as out:
        command = [*_OURS, str(submissions), "--out", out, "-j", str(jobs), "--json"]
        command += ["--assignment", str(assignment), "--seed", SEED, "--no-train"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        results = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != 0 or not results:
            sys.exit(f"grade batch ended with {done.returncode}:\n{done.stderr}")
        for result in results:
            if result["earned"] != result["points"]:
                sys.exit(f"grade gives no full points:\n{json.dumps(result, indent=1)}")


def report(ours: Mapping[str, Taken], theirs: Taken, jobs: int) -> None:
    """Print the throughputs and their ratios."""
    rows: list[list[object]] = []
    for kind, taken in ours.items():
        ratio = taken.per_second / theirs.per_second
        met = f"aim: {AIM}, {'met' if ratio >= AIM else 'MISSED'}"
        title = f"grade batch, {kind}"
        rows.append([title, taken.submissions, taken.wall, taken.per_second, ratio, met])
    title = "otter run without its container, notebooks"
    rows.append([title, theirs.submissions, theirs.wall, theirs.per_second, 1.0, ""])
    print(f"{jobs} submissions at a time, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    headers = ["", "submissions", "s", "a second", "x otter", ""]
    print(tabulate(rows, headers=headers, floatfmt=("", "", ".1f", ".2f", ".1f")))


if __name__ == "__main__":
    main()
