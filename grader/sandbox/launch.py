"""The command and the environment that a worker is started with."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

import grader.worker
from grader.sandbox.view import View

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


def command(
    mode: Literal["fork", "alone"],
    number: int,
    view: View,
    frameworks: Collection[str],
    details: dict[str, Any] | None = None,
) -> list[str]:
    """The worker's command line.

    Args:
        mode: a fork server, or one process alone.
        number: the control socket's descriptor, or the port to connect to.
        view: names the interpreter.
        frameworks: packages beside NumPy that may be imported, warmed up for a fork server.
        details: what else the mode needs to know.
    """
    plan = {
        "mode": mode,
        "number": number,
        "folders": _package_folders(frameworks),
        # A framework brings packages of its own, whose names are not ours to know.
        "names": ["numpy", *(["*"] if frameworks else [])],
        "warm": [*_WARM, *frameworks],
        **(details or {}),
    }
    bootstrap = Path(grader.worker.__file__).resolve().parent / "bootstrap.py"
    # -s -S -P and a clean environment give what -I gives, and leave PYTHONHASHSEED effective.
    return [str(view.executable), "-s", "-S", "-P", str(bootstrap), json.dumps(plan)]


def environment(home: str) -> dict[str, str]:
    """All of the worker's environment."""
    variables = {name: os.environ[name] for name in _NEEDED_TO_START if name in os.environ}
    variables |= dict.fromkeys(_ONE_THREAD, "1")
    return variables | {
        "HOME": home,
        "TMPDIR": home,
        "TEMP": home,
        "TMP": home,
        "LANG": "C.UTF-8",
        # Homework asks for these without a thought, and must not fail for it. Nothing is run.
        "PATH": "/usr/bin:/bin",
        **dict.fromkeys(("USER", "LOGNAME", "USERNAME"), "student"),
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
