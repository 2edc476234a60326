"""grader/cli/batch.py with real processes: at a terminal, interrupted, and resumed."""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from grader.batch.store import Store

if sys.platform != "linux":
    pytest.skip("gives a terminal to a session with setsid, of Linux", allow_module_level=True)

import fcntl
import pty
import termios

pytestmark = pytest.mark.slow

GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]
QUICK = "def conv_forward(x, w, b, conv_param): pass\n"
LOOPS = f"while True: pass\n{QUICK}"
WAIT = 60
"""Seconds for what takes one; the machine may be busy."""


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """Two that are done at once, and one that keeps its process busy for ten seconds."""
    folder = tmp_path / "submissions"
    for name, source in (("s1", QUICK), ("s2", QUICK), ("s3", LOOPS)):
        (folder / name).mkdir(parents=True)
        (folder / name / "layers.py").write_text(f"{source}# {name}\n", "utf-8")
    return folder


def command(submissions: Path, out: Path) -> list[str]:
    return [*GRADE, "batch", str(submissions), "--out", str(out), "--no-train", "--public", "-j2"]


class Terminal:
    """A command at a terminal of 80 columns, which gets both its outputs."""

    def __init__(self, words: list[str], **environment: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            # setsid --ctty: what is typed as Ctrl-C goes to all processes of the session.
            ["setsid", "--ctty", "--wait", *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )
        os.close(slave)
        self.seen = b""

    def until(self, text: bytes) -> None:
        while text not in self.seen:
            assert self._read(), f"ended without {text!r}: {self.seen[-2000:]!r}"

    def type(self, text: bytes) -> None:
        os.write(self._master, text)

    def end(self) -> str:
        """All that was printed; the process has ended."""
        while self._read():
            pass
        self.process.wait(WAIT)
        os.close(self._master)
        return self.seen.decode()

    def below(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def _read(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except OSError:  # how Linux says that nobody holds the other end
            return False
        self.seen += data
        return bool(data)


def left_after(processes: list[psutil.Process]) -> list[psutil.Process]:
    _, alive = psutil.wait_procs(processes, timeout=WAIT)
    return alive


def on_screen(output: str) -> list[str]:
    """The lines that stay: each is what was printed after the last time that it was wiped."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", output)
    # The bar ends its line, goes back up and wipes it.
    text = re.sub(r"[^\n]*\n(?:\x1b\[\?25h)?\r?\x1b\[1A\x1b\[2K", "", text)
    return [
        re.split(r"\x1b\[2?K|\x1b\[\?25[hl]", line)[-1].strip("\r") for line in text.split("\n")
    ]


def kept(out: Path) -> set[str]:
    with Store(out) as store:
        return {change.student for change in store.changes()}


def test_a_bar_with_counts_and_time_left_is_gone_at_the_end(
    submissions: Path, tmp_path: Path
) -> None:
    """Then there is what is printed elsewhere, too; without colour where nobody wants it."""
    (submissions / "s3/layers.py").write_text(QUICK, "utf-8")
    terminal = Terminal(command(submissions, tmp_path / "out"), NO_COLOR="1")
    output = terminal.end()
    assert terminal.process.returncode == 0, output
    for expected in ("0/3", "3/3", "left   last: s"):
        assert expected in output
    assert re.search(r"\d:\d\d", output)
    screen = on_screen(output)
    assert screen[0].startswith("hw3  3 submissions, public cases, 2 jobs")
    assert screen[1].startswith("3 graded")
    assert not [line for line in screen if "last:" in line]
    assert output.rindex("\x1b[?25h") > output.rindex("\x1b[?25l")
    assert "\x1b[3" not in output  # colours


def test_ctrl_c_at_a_terminal_ends_cleanly_and_the_next_run_goes_on(
    submissions: Path, tmp_path: Path
) -> None:
    """What is done is kept and shown; nothing is left; what was in flight is marked next time."""
    out = tmp_path / "out"
    terminal = Terminal(command(submissions, out))
    terminal.until(b"2/3")
    below = terminal.below()
    terminal.type(b"\x03")
    output = terminal.end()
    assert terminal.process.returncode == 130, output
    assert "interrupted; 2 of 3 are marked and kept" in output
    assert "Traceback" not in output
    assert "last:" not in "".join(on_screen(output))
    assert output.rindex("\x1b[?25h") > output.rindex("\x1b[?25l")
    assert left_after(below) == []
    assert kept(out) == {"s1", "s2"}
    assert (out / "gradebook.csv").read_text("utf-8-sig").count("\n") == 3

    (submissions / "s3/layers.py").write_text(f"{QUICK}# mended\n", "utf-8")
    done = subprocess.run(command(submissions, out), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "3 submissions, 2 of them done already" in done.stderr
    assert "1/1  s3" in done.stderr
    assert (out / "gradebook.csv").read_text("utf-8-sig").count("\n") == 4


def test_ctrl_c_twice_ends_at_once(submissions: Path, tmp_path: Path) -> None:
    """Without waiting for anything; what was done is kept all the same, and nothing is left."""
    out = tmp_path / "out"
    terminal = Terminal(command(submissions, out))
    terminal.until(b"2/3")
    below = terminal.below()
    terminal.type(b"\x03")
    terminal.type(b"\x03")
    output = terminal.end()
    assert terminal.process.returncode == 130, output
    assert left_after(below) == []
    assert kept(out) == {"s1", "s2"}
    assert output.rindex("\x1b[?25h") > output.rindex("\x1b[?25l")


def test_sigterm_ends_like_ctrl_c(submissions: Path, tmp_path: Path) -> None:
    """As a batch system or a shutdown ends a process; without a terminal."""
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(submissions, out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("2/3"):
            break
    below = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    stdout, stderr = process.communicate(timeout=WAIT)
    assert process.returncode == 130
    assert "interrupted; 2 of 3 are marked and kept" in stderr
    assert stdout.startswith("2 graded")
    assert left_after(below) == []
