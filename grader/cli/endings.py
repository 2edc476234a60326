"""How a command ends: its exit code, and the words on stderr when something went wrong.

0 done · 1 `grade check` found failures, `grade doctor` something to mend, `grade validate` no
proof · 2 unusable arguments or files, or no wall that holds · 3 the grader failed ·
130 interrupted · 141 the reader of our output went away (as shells report it).
"""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import click

from grader.errors import GoldgradError, GraderFailure
from grader.untrusted import block, shown

USAGE, FAILED, INTERRUPTED, BROKEN_PIPE = 2, 3, 130, 141
_CANNOT_WRITE = {errno.ENOSPC, errno.EIO, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def exit_code_of(run: Callable[[], Any], args: Sequence[str] | None) -> int:
    """Run a command; no exception but SystemExit leaves this function.

    Args:
        run: the command; returns its exit code, None for 0.
        args: the command line, None for the process's own.
    """
    try:
        code = run()
    except GoldgradError as error:
        complain(str(error), error.hint)
        return error.exit_code
    except click.UsageError as error:
        # Of choices click makes a list, with tabs.
        complain(" ".join(error.format_message().split()), _usage_hint(error))
        return USAGE
    except click.ClickException as error:
        complain(error.format_message())
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a user
        return _own_bug(error, sys.argv[1:] if args is None else args)
    return code if isinstance(code, int) else 0


def open_closed_streams() -> None:
    """Give a process that was started without stdout or stderr (``>&-``) ones that lead nowhere.

    Without them Python has None for the stream, and the next file or pipe that is opened gets the
    stream's number, into which a child process then prints.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one
    # As attributes they are never None for a type checker; here they are.
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, io.TextIOWrapper(os.fdopen(number, "wb"), write_through=True))


def ended_quietly(run: Callable[[], Any]) -> Any:
    """Run a command; when nobody reads its output any more, stop without complaint.

    Raises:
        GraderFailure: the output cannot be written, because a disk is full for example.
    """
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return BROKEN_PIPE
    except OSError as error:
        # An error about a named file is not about the output, which has no name here.
        if error.errno not in _CANNOT_WRITE or error.filename is not None:
            raise
        _discard_output()
        raise GraderFailure(f"cannot write the output: {error.strerror}") from error
    return code


def _discard_output() -> None:
    # Python flushes stdout once more at exit; that must not complain either.
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())


def complain(message: str, hint: str | None = None) -> None:
    """``grade: message`` and ``help: hint`` on stderr."""
    click.echo(f"grade: {block(message)}", err=True)
    if hint:
        click.echo(f"help: {block(hint)}", err=True)


def _usage_hint(error: click.UsageError) -> str:
    return f"{error.ctx.command_path} --help" if error.ctx is not None else "grade --help"


def _own_bug(error: Exception, args: Sequence[str]) -> int:
    wants_details = "--verbose" in args or "-v" in args
    if wants_details:
        click.echo(block("".join(traceback.format_exception(error)), 100_000), err=True)
    complain(
        f"something went wrong inside: {type(error).__name__}: {shown(error)}",
        "this is a bug in goldgrad"
        + ("" if wants_details else "; rerun with --verbose for the traceback"),
    )
    return FAILED
