"""Confines the reading process before it looks at the document.

Parsers of PDF, XML and JSON are larger than all of this project. Should a document take one over,
the process can open no file beyond the parser's own, change none, start no program, reach no
network and signal nobody: all it can do is answer nonsense, which the grader does not believe.

Each step is taken where the kernel has it; the resource limits hold in any case.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

# No user's: the range that systemd gives to services without a user of their own.
_FIRST_USER = 61184
_USERS = 4336


def confine(libraries: Sequence[str]) -> None:
    """Give up all that reading a document does not need.

    Args:
        libraries: names of imported packages that may import more of themselves later.
    """
    if sys.platform != "linux":
        return
    from grader.worker import kernel, landlock, seccomp

    folders = _folders(libraries)
    with contextlib.suppress(OSError):
        _become_nobody()
    with contextlib.suppress(OSError):
        kernel.drop_capabilities()
    with contextlib.suppress(OSError):
        if landlock.version():
            landlock.restrict(folders, [])
    for folder in folders:
        os.close(folder)
    with contextlib.suppress(OSError):
        if seccomp.available():
            seccomp.install(threads=False)


def _folders(libraries: Sequence[str]) -> list[int]:
    """The libraries and what decoders of text are loaded from: nothing secret is in them."""
    paths = [path for path in sys.path if path.endswith("lib-dynload")]  # extension modules
    for name in ("encodings", *libraries):
        paths += getattr(sys.modules.get(name), "__path__", ())
    descriptors = []
    for path in paths:
        with contextlib.suppress(OSError):
            descriptors.append(os.open(path, os.O_PATH | os.O_CLOEXEC))
    return descriptors


def _become_nobody() -> None:
    if os.geteuid() != 0:
        return
    # Another one for each process, so that two of them are strangers, too.
    user = _FIRST_USER + os.getpid() % _USERS
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
