"""Kills a batch at random moments by `kill -9`, resumes it, and compares with an undisturbed run.

    python -m benchmarks.kill_and_resume [--kills 50] [--submissions 200] [--seed 1] [--jobs 2]

The batch is the real command on a small assignment with a rule for lateness. Each kill comes after
a random number of lines of progress and a random moment more; now and then in the first second,
while the batch is still preparing; half of them kill the command alone, half with it all processes
of its session. After each kill: whatever was announced as done is in the store, the store is whole,
and of the processes that the batch had started none is left. At the end the gradebook, every
feedback file and every stored Result must be those of the undisturbed run.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from fixtures.samples import load_samples, zip_of

ASSIGNMENT = """
assignment: quick
title: Two layers, quickly marked
points: 100
due: 2026-11-20T23:59:00+01:00
late: {per_day: 10, grace_minutes: 15, cap: 50}
dataset:
  url: https://example.invalid/none
  sha256: "0000000000000000000000000000000000000000000000000000000000000000"
  inputs: 8
  classes: 4
  train: 400
  test: 100
files:
  layers.py: [conv_forward, max_pool_forward, max_pool_backward]
imports:
  allow: [numpy]
parts:
  - id: conv
    title: Convolution
    points: 50
    checks:
      - {id: conv/forward, title: forward, points: 50, kind: values, problem: conv_forward,
         cases: [plain, padded]}
  - id: pooling
    title: Pooling
    points: 50
    checks:
      - {id: pool/forward, title: forward, points: 20, kind: values, problem: max_pool_forward}
      - {id: pool/backward, title: backward, points: 30, kind: values,
         problem: max_pool_backward}
"""
_SAMPLES = ("good", "two_bugs", "bug_pool_overlap", "bug_conv_pad0", "partly_done", "broken_syntax")
_GRADE = (sys.executable, "-c", "from grader.cli import main; main()")
_GONE_WITHIN = 20.0
"""Seconds after which no process of a killed batch may be left; the machine may be busy."""
_LINE = re.compile(r"(\d+)/(\d+)  ")
_MARKED_IN = re.compile(r"Marked by goldgrad \S+ in [^,]+,")


@dataclass
class Tally:
    """What came of all kills."""

    kills: int = 0
    while_preparing: int = 0
    with_session: int = 0
    processes: int = 0
    """How many had to end by themselves."""
    slowest_end: float = 0.0
    """Seconds until the last of them was gone."""


class Course:
    """A folder of submissions, the assignment, and the command that marks them."""

    def __init__(self, folder: Path, number: int, jobs: int) -> None:
        self.folder, self.number, self.jobs = folder, number, jobs
        self.submissions = folder / "submissions"
        self.submissions.mkdir()
        (folder / "quick.yaml").write_text(ASSIGNMENT, "utf-8")
        samples = load_samples()
        times = ["student,submitted at"]
        for index in range(number):
            name = f"s{1000 + index}"
            day, hour = 19 + index % 4, index % 24
            times.append(f"{name},2026-11-{day}T{hour:02}:00:00+01:00")
            target = self.submissions / f"{name}.zip"
            if index % 20 == 19:
                target.write_bytes(b"PK no zip" + name.encode())
                continue
            files = dict(samples[_SAMPLES[index % len(_SAMPLES)]].files)
            files["layers.py"] = files["layers.py"] + f"\n# {name}\n".encode()
            target.write_bytes(zip_of(files))
        (folder / "times.csv").write_text("\n".join(times) + "\n", "utf-8")

    def command(self, out: Path) -> list[str]:
        """The batch into ``out``."""
        return [
            *_GRADE,
            *("batch", str(self.submissions), "--out", str(out), "--no-train"),
            *("--assignment", str(self.folder / "quick.yaml"), "-j", str(self.jobs)),
            *("--times", str(self.folder / "times.csv"), "--seed", "kill and resume"),
        ]

    def run(self, out: Path) -> float:
        """Mark undisturbed; returns wall seconds.

        Raises:
            RuntimeError: the batch did not end with 0.
        """
        begun = time.monotonic()
        done = subprocess.run(self.command(out), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"exit code {done.returncode}: {done.stderr[-2000:]}")
        return time.monotonic() - begun


def kill_once(
    course: Course, out: Path, chance: random.Random, tally: Tally, most_lines: int = 3
) -> bool:
    """Start the batch, kill it at a random moment, and look at what is left.

    Args:
        course: what is marked.
        out: the results folder.
        chance: chooses the moment.
        tally: is added to.
        most_lines: of progress, after which it is killed at the latest.

    Returns:
        False when it ended by itself before the moment came.

    Raises:
        AssertionError: something was lost, or is left.
    """
    done_before = len(stored(out))
    after_lines = 0 if chance.random() < 0.2 else chance.randint(1, most_lines)
    process = subprocess.Popen(
        course.command(out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None  # noqa: S101 - for mypy
    with_session = chance.random() < 0.5
    with process:
        try:
            announced = _read(process.stderr, after_lines)
            time.sleep(chance.uniform(0, 1.2 if after_lines == 0 else 0.25))
            below = _processes_below(process.pid)
            ended = process.poll() is not None
        finally:
            if with_session and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
        announced += _read(process.stderr, None)
    _wait_until_gone(below, tally)
    done_now = stored(out)
    if len(done_now) < done_before + announced:
        raise AssertionError(
            f"{announced} announced, but the store went from {done_before} to {len(done_now)}"
        )
    if not ended:
        tally.kills += 1
        tally.while_preparing += after_lines == 0
        tally.with_session += with_session
    return not ended


def stored(out: Path) -> dict[str, str]:
    """The stored Results by submission, without times; the store must be whole.

    Raises:
        AssertionError: SQLite says that it is not.
    """
    from grader.batch.stored_result import restored
    from grader.standing import Attempt, Student

    if not (out / "results.sqlite").exists():
        return {}
    found = {}
    with closing(sqlite3.connect(out / "results.sqlite")) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise AssertionError(f"the store is damaged: {verdict}")
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return {}  # killed before the first table was made
        rows = connection.execute(
            "SELECT student, document FROM results WHERE document IS NOT NULL"
        )
        for student, document in rows:
            result = restored(document, Attempt(Student(student), 1, student))
            untimed = result.timing.model_copy(
                update=dict.fromkeys(type(result.timing).model_fields, 0)
            )
            found[student] = result.model_copy(update={"timing": untimed}).model_dump_json()
    return found


def differences(one: Path, other: Path) -> Iterator[str]:
    """What two results folders say differently; nothing, if all is well."""
    for name in ("gradebook.csv",):
        if (one / name).read_bytes() != (other / name).read_bytes():
            yield name
    names = sorted(file.name for file in (one / "feedback").iterdir())
    if names != sorted(file.name for file in (other / "feedback").iterdir()):
        yield "the names of feedback files"
        return
    for name in names:
        texts = [
            _MARKED_IN.sub("", (folder / "feedback" / name).read_text("utf-8"))
            for folder in (one, other)
        ]
        if name.endswith(".md") and texts[0] != texts[1]:
            yield f"feedback/{name}"
    if stored(one) != stored(other):
        yield "stored Results"


def _read(stream: Iterator[str], lines: int | None) -> int:
    """Read until so many submissions were announced, or the end; returns how many were."""
    if lines == 0:
        return 0
    progress = (1 for line in stream if _LINE.match(line))
    return sum(itertools.islice(progress, lines))


def _processes_below(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _wait_until_gone(processes: Sequence[psutil.Process], tally: Tally) -> None:
    begun = time.monotonic()
    _, left = psutil.wait_procs(processes, timeout=_GONE_WITHIN)
    left = [each for each in left if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    if left:
        raise AssertionError(f"processes are left: {[each.cmdline() for each in left]}")
    tally.processes += len(processes)
    if processes:
        tally.slowest_end = max(tally.slowest_end, time.monotonic() - begun)


def prove(
    folder: Path, *, submissions: int, kills: int, seed: int, jobs: int, most_lines: int = 3
) -> Tally:
    """Kill so often, resume, and compare with an undisturbed run.

    Raises:
        AssertionError: something was lost, is left, or differs.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    course = Course(folder, submissions, jobs)
    undisturbed = course.run(folder / "undisturbed")
    print(f"undisturbed: {submissions} submissions in {undisturbed:.1f} s")
    tally, out = Tally(), folder / "killed"
    while tally.kills < kills:
        if not kill_once(course, out, chance, tally, most_lines):
            raise AssertionError(f"all was marked after {tally.kills} kills: too few submissions")
        print(f"kill {tally.kills}: {len(stored(out))} of {submissions} are kept", flush=True)
    print(f"resumed, and ended undisturbed after {course.run(out):.1f} s")
    found = list(differences(folder / "undisturbed", out))
    if found:
        raise AssertionError(f"differs: {', '.join(found)}")
    return tally


def main() -> None:
    """Run the proof and print what it saw."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tally = prove(
            Path(scratch),
            submissions=chosen.submissions,
            kills=chosen.kills,
            seed=chosen.seed,
            jobs=chosen.jobs,
        )
    print(
        f"{tally.kills} kills ({tally.with_session} of the whole session, {tally.while_preparing} "
        f"while preparing); {tally.processes} processes ended with them, the slowest within "
        f"{tally.slowest_end:.1f} s. Gradebook, feedback and Results equal the undisturbed run's."
    )


if __name__ == "__main__":
    main()
