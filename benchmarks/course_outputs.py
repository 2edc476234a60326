"""Times what is written of a whole course: class page, gradebook and the other outputs.

    python -m benchmarks.course_outputs [--students 100000] [--formats class,csv] [--folder DIR]

The store is a real one, filled with a made-up class without grading anything, which is not timed.
Each output is then written by a process of its own, from the first import to the last byte, and
its time and peak memory are reported. The aim: class page and gradebook of 100,000 students in
under 30 s together, in less than 300 MB.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from tabulate import tabulate

AIM_SECONDS = 30
AIM_MEGABYTES = 300


class Cost(NamedTuple):
    """What one process took."""

    seconds: float
    cpu: float
    megabytes: float
    size: int


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time the outputs of a whole course.")
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--formats", default="class,csv", help="of `grade export --to`")
    parser.add_argument("--folder", type=Path, help="keep the store there, and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        if not (folder / "results.sqlite").exists():
            folder.mkdir(parents=True, exist_ok=True)
            print(f"making up {options.students} results ...", file=sys.stderr)
            apart(fill, folder, options.students)
        costs = {name: apart(write, folder, name) for name in options.formats.split(",")}
        report(costs, (folder / "results.sqlite").stat().st_size, options.students)


def apart(function: Any, *arguments: Any) -> Any:
    """Call a function in a fresh process: whose peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def fill(folder: Path, students: int) -> None:
    """Put a made-up class into a store, as a batch would."""
    from fixtures.made_up_class import made_up_class
    from grader.assignment_file import BUILT_IN, load_assignment
    from grader.batch.key import Key, columns_of
    from grader.batch.rules import CourseRules
    from grader.batch.store import Store
    from grader.late import LateRule

    assignment = load_assignment(BUILT_IN / "hw3.yaml")
    key = Key("hw3", "a" * 64, "b" * 64, "c" * 64, "0.1.0", trained=True, visibility="hidden")
    rules = CourseRules("last", LateRule(per_day=10, grace_minutes=15, cap=50))
    with Store(folder, create=True) as store:
        attempts = [standing.attempt for standing in made_up_class(students)]
        store.begin(key, assignment.title, columns_of(assignment), attempts, rules=rules)
        for standing in made_up_class(students):
            result, trouble = standing.result, standing.trouble
            store.add(standing.attempt, result, trouble, failed=standing.failed)
            for each in standing.adjustments:
                store.adjust(standing.student.id, each.points, each.reason, each.author)


def write(folder: Path, name: str) -> Cost:
    """Write one output."""
    started = time.perf_counter()
    from grader.batch.store import Store
    from grader.render.exports import export

    with Store(folder) as store:
        written = export(store.course(), name, folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    unit = 1 if sys.platform == "darwin" else 1024
    files = written.rglob("*") if written.is_dir() else [written]
    return Cost(
        seconds=time.perf_counter() - started,
        cpu=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss * unit / 1e6,
        size=sum(file.stat().st_size for file in files),
    )


def report(costs: dict[str, Cost], stored: int, students: int) -> None:
    """Print what each output took, and what that means against the aim."""
    print(f"{students} students, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"results.sqlite: {stored / 1e6:.0f} MB, {stored / students / 1e3:.1f} kB a student")
    headers = ["output", "wall s", "CPU s", "µs a student", "peak MB", "written MB"]
    rows = [
        [name, c.seconds, c.cpu, 1e6 * c.cpu / students, c.megabytes, c.size / 1e6]
        for name, c in costs.items()
    ]
    print(tabulate(rows, headers=headers, floatfmt=(None, ".1f", ".1f", ".0f", ".0f", ".1f")))
    aimed = [cost for name, cost in costs.items() if name in {"class", "csv"}]
    took, most = sum(cost.seconds for cost in aimed), max(cost.megabytes for cost in aimed)
    print(
        f"class page and gradebook: {took:.1f} s (aim at 100,000: under {AIM_SECONDS} s), "
        f"{most:.0f} MB (under {AIM_MEGABYTES} MB)"
    )


if __name__ == "__main__":
    main()
