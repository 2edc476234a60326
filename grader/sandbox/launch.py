"""The command and the environment that a worker is started with."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np

import grader.worker

# What the fork server imports before its first fork, so that no student's process has to. The
# standard library's part is what homework imports most.
_WARM: Final = (
    "numpy", "numpy.random", "numpy.linalg", "numpy.fft", "random", "math", "json", "copy", "time",
    "collections", "dataclasses", "typing", "functools", "itertools", "pathlib", "traceback",
)  # fmt: skip

# One thread: several change the last bits of results, and may hang after a fork.
_ONE_THREAD: Final = (
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS", "BLIS_NUM_THREADS",
)  # fmt: skip

# Without these the interpreter itself may not start; all other variables stay outside.
_NEEDED_TO_START: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "PATHEXT")


def command(mode: str, number: int, frameworks: Collection[str], scratch: Path) -> list[str]:
    """The worker's command line.

    Args:
        mode: "fork" or "alone".
        number: the control socket's descriptor, or the port to connect to.
        frameworks: packages beside NumPy that may be imported, warmed up for a fork server.
        scratch: the folder of all students' folders.
    """
    bootstrap = Path(grader.worker.__file__).parent / "bootstrap.py"
    # A framework brings packages of its own, whose names are not ours to know.
    names = ["numpy", *(["*"] if frameworks else [])]
    lists = (_package_folders(frameworks), names, [*_WARM, *frameworks])
    # -s -S -P and a clean environment give what -I gives, and leave PYTHONHASHSEED effective.
    return [
        sys.executable, "-s", "-S", "-P", str(bootstrap), mode, str(number),
        *(os.pathsep.join(entries) for entries in lists), str(scratch),
    ]  # fmt: skip


def environment(home: Path) -> dict[str, str]:
    """All of the worker's environment."""
    variables = {name: os.environ[name] for name in _NEEDED_TO_START if name in os.environ}
    variables |= dict.fromkeys(_ONE_THREAD, "1")
    return variables | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "TEMP": str(home),
        "TMP": str(home),
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",  # the order of a set of strings must not change a mark
    }


def _package_folders(frameworks: Collection[str]) -> list[str]:
    folders = [str(Path(np.__file__).parent.parent)]
    for name in frameworks:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folders.append(str(Path(spec.origin).parent.parent))
    return list(dict.fromkeys(folders))
