"""One command a file; imports are lazy so that `grade --help` is immediate."""

from __future__ import annotations


def main() -> None:
    """The console script `grade`; ends the process with its exit code."""
    # The commands' group is imported here, not above, so that importing a part of the harness
    # (a kit's wheel, a worker of a batch) does not pull in the command line.
    try:
        from grader.cli.group import grade
    except KeyboardInterrupt:  # from there on, grader.cli.interruption sees to it
        raise SystemExit(130) from None
    grade.main()
