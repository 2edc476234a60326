"""Times `grade similar` on a made-up class, and counts whom it finds.

    python -m benchmarks.similar [--submissions 500] [--copies 10] [--jobs 2]

Each submission is 14 functions of Python's own library, in which one operator or index of ten is
another one. Copies have new names, no comments and another order. All copies should be listed, and
nobody else.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import random
import re
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FUNCTIONS_EACH = 14
_CHANGED = 0.1
_EXCHANGED = dict(zip("+-*/<>012", "-+/*><120", strict=True))
_EXCHANGED |= {"sum": "mean", "mean": "max", "max": "min", "zeros": "ones", "len": "list"}
_NAME = re.compile(r"(?<![.\w\"'])(?!(?:np|self)\b)([a-z]\w*)(?=\s*(?:[=,)\]]|\[))")


def main() -> None:
    """Print what it took and what was found."""
    parser = argparse.ArgumentParser(description="Time the search for submissions that are alike.")
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "submissions"
        folder.mkdir()
        wanted = make_class(folder, options.submissions, options.copies)
        command = ["-c", "from grader.cli import main; main()", "similar", str(folder), "--json"]
        command += ["--out", f"{scratch}/similar", "--jobs", str(options.jobs)]
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, capture_output=True, check=True, text=True
        )
        seconds = time.monotonic() - started
    told = json.loads(done.stdout)
    found = {frozenset((pair["one"], pair["other"])) for pair in told["pairs"]}
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"submissions     {options.submissions}, of {_FUNCTIONS_EACH} functions")
    print(f"wall            {seconds:.1f} s, {options.jobs} jobs")
    print(f"CPU             {spent.ru_utime + spent.ru_stime:.1f} s")
    print(f"peak            {spent.ru_maxrss / 1024:.0f} MB, of the largest process")
    print(f"compared        {told['compared']} pairs, {told['not_compared']} left out")
    print(f"copies found    {len(found & wanted)} of {len(wanted)}")
    print(f"others listed   {len(found - wanted)}")


def make_class(folder: Path, submissions: int, copies: int) -> set[frozenset[str]]:
    """Write the zips; the pairs of which one is a copy of the other."""
    draw = random.Random(1)  # noqa: S311 - the same class every time
    functions = sorted(_functions())
    texts = []
    for _ in range(submissions - copies):
        own = draw.sample(functions, _FUNCTIONS_EACH)
        texts.append([_varied(text, draw) for text in own])
    originals = draw.sample(range(len(texts)), copies)
    texts += [_disguised(texts[number], draw) for number in originals]
    for number, parts in enumerate(texts):
        with zipfile.ZipFile(folder / f"s{number:05}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("homework.py", "import numpy as np\n\n\n" + "\n\n".join(parts))
    first = submissions - copies
    return {frozenset((f"s{i:05}", f"s{first + n:05}")) for n, i in enumerate(originals)}


def _functions() -> set[str]:
    """Of the standard library, each a program by itself."""
    library = Path(sysconfig.get_path("stdlib"))
    found = set()
    for path in sorted([*library.glob("*.py"), *library.glob("[a-k]*/*.py")]):
        text = path.read_text("utf-8", "replace")
        with contextlib.suppress(SyntaxError):
            for node in ast.parse(text).body:
                source = ast.get_source_segment(text, node) or ""
                if isinstance(node, ast.FunctionDef) and 400 < len(source) < 3000:
                    found.add(source)
    return found


def _varied(text: str, draw: random.Random) -> str:
    def other(word: re.Match[str]) -> str:
        found = word.group(0)
        return _EXCHANGED.get(found, found) if draw.random() < _CHANGED else found

    return re.sub(r"\w+|[-+*/<>]", other, text)


def _disguised(parts: list[str], draw: random.Random) -> list[str]:
    copied = [_NAME.sub(r"my_\1", re.sub(r"(?m)^\s*#.*\n", "", part)) for part in parts]
    return draw.sample(copied, len(copied))


if __name__ == "__main__":
    main()
