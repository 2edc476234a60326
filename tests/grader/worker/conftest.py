"""Processes behind the filter of system calls."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


class Filtered:
    """Runs sources behind the filter, each in an interpreter of its own: a filter is for good."""

    def run(
        self,
        source: str,
        *,
        threads: bool = False,
        first: str = "",
        descriptors: tuple[int, ...] = (),
    ) -> subprocess.CompletedProcess[str]:
        """How it went.

        Args:
            source: runs after the filter was installed.
            threads: whether the filter allows threads.
            first: runs before it.
            descriptors: those that the process has beside its three streams.
        """
        program = (
            "import ctypes, os, sys\nfrom grader.worker import seccomp\n"
            f"{first}\nseccomp.install(threads={threads})\n{source}\n"
        )
        return subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            pass_fds=descriptors,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )

    def output(self, source: str, *, threads: bool = False, first: str = "") -> str:
        """What a source prints that must succeed in silence."""
        done = self.run(source, threads=threads, first=first)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture(scope="session")
def filtered() -> Filtered:
    """Processes behind the filter of system calls."""
    return Filtered()
