"""Runs the targets: ``python -m tests.fuzz [TARGET ...] --seconds 60 --jobs 2``.

Exit code 0: nothing found. 1: a target failed; the input is kept in ``--keep``. 2: the fuzzer is
not installed (atheris has wheels for some versions of Python only).
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz import TARGETS

_FOUND = Path(__file__).parent / "found"
_MAX_BYTES = 4_096
_LIMITS = (
    "-timeout=10",  # seconds for one input
    "-rss_limit_mb=1000",
    "-print_final_stats=1",
    "-verbosity=0",
)


def main() -> int:
    """Run the targets named, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=2, help="how many targets at once")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="for what is found")
    parser.add_argument("--corpus", type=Path, help="a folder to keep and reuse inputs in")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = options.targets or list(TARGETS)
    if unknown := sorted(set(names) - set(TARGETS)):
        parser.error(f"no target is called {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("NOT FUZZED: atheris is not installed: pip install 'goldgrad[fuzz]'\n")
        return 2
    options.keep.mkdir(parents=True, exist_ok=True)
    if options.here:
        _fuzz(names[0], options)
    with ThreadPoolExecutor(options.jobs) as pool:
        codes = list(pool.map(lambda name: _start(name, options), names))
    return 1 if any(codes) else 0


def _start(name: str, options: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "tests.fuzz", name, "--here", f"--seconds={options.seconds}"]
    command += [f"--keep={options.keep}"]
    if options.corpus:
        command += [f"--corpus={options.corpus}"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    stats = dict(
        line.removeprefix("stat::").split(":", 1)
        for line in done.stderr.splitlines()
        if line.startswith("stat::")
    )
    runs = stats.get("number_of_executed_units", "?").strip()
    verdict = "nothing found" if done.returncode == 0 else f"FAILED ({done.returncode})"
    report = f"fuzz {name:<10} {runs:>9} inputs in {options.seconds} s: {verdict}\n"
    if done.returncode:
        report += done.stdout[-4_000:] + done.stderr[-8_000:]
    sys.stderr.write(report)
    return done.returncode


def _fuzz(name: str, options: argparse.Namespace) -> None:
    """Fuzz one target in this process; does not return."""
    import atheris

    with atheris.instrument_imports(include=["grader"]):
        module = importlib.import_module(f"tests.fuzz.{name}")
    for place, value in getattr(module, "REPLACED", {}).items():
        owner, _, attribute = place.rpartition(".")
        setattr(importlib.import_module(owner), attribute, value)
    with tempfile.TemporaryDirectory(prefix="goldgrad-fuzz-") as scratch:
        corpus, given, words = Path(scratch, "new"), Path(scratch, "seeds"), Path(scratch, "words")
        if options.corpus:
            corpus = options.corpus / name
        corpus.mkdir(parents=True, exist_ok=True)
        given.mkdir()
        for number, seed in enumerate([*module.seeds(), *found(name)]):
            (given / str(number)).write_bytes(seed)
        pieces = getattr(module, "WORDS", ())
        quoted = ("".join(f"\\x{byte:02x}" for byte in piece) for piece in pieces)
        words.write_text("".join(f'"{piece}"\n' for piece in quoted), encoding="ascii")
        arguments = [
            name,
            *_LIMITS,
            f"-max_total_time={options.seconds}",
            f"-max_len={getattr(module, 'MAX_BYTES', _MAX_BYTES)}",
            f"-dict={words}",
            f"-artifact_prefix={options.keep.resolve()}/{name}-",
            str(corpus),
            str(given),
        ]
        atheris.Setup(arguments, module.target)
        atheris.Fuzz()


def found(name: str) -> list[bytes]:
    """What once failed a target."""
    return [path.read_bytes() for path in sorted(_FOUND.glob(f"{name}-*"))]


if __name__ == "__main__":
    sys.exit(main())
