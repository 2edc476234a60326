"""What the self-test takes for a hole."""

from __future__ import annotations

import subprocess
import sys

import pytest

_KINDS = ("AS", "CPU", "FSIZE", "NOFILE", "CORE")
_PROGRAM = """
import resource, sys
from grader.worker import selftest
for kind in sys.argv[1:]:
    number = getattr(resource, f"RLIMIT_{kind}")
    value = min(resource.getrlimit(number)[1] % (1 << 63), 1 << 33)
    resource.setrlimit(number, (value, value))
selftest._limits()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="tries Linux's walls")
@pytest.mark.parametrize("missing", [None, "AS", "CPU", "FSIZE"])
def test_a_process_that_nothing_limits_is_found(missing: str | None) -> None:
    """Where the system tells no process's size, for one, its memory cannot be limited."""
    import resource

    if missing:
        _, hard = resource.getrlimit(getattr(resource, f"RLIMIT_{missing}"))
        if hard != resource.RLIM_INFINITY:
            pytest.skip("the tests themselves are limited")
    kinds = [kind for kind in _KINDS if kind != missing]
    command = [sys.executable, "-c", _PROGRAM, *kinds]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if missing:
        assert f"nothing limits it (RLIMIT_{missing})" in ran.stderr
    else:
        assert (ran.returncode, ran.stderr) == (0, "")
