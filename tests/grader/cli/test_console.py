"""grader/cli/console.py and grader/cli/watching.py."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from grader.cli.console import status_line, wants_colour
from grader.cli.watching import snapshot, wait_for_change


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """--no-color, NO_COLOR, TERM=dumb and pipes mean plain text."""
    assert wants_colour(False, Terminal())
    assert not wants_colour(True, Terminal())
    assert not wants_colour(False, io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(False, Terminal())
    monkeypatch.setenv("NO_COLOR", "")
    assert wants_colour(False, Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(False, Terminal())


def test_the_status_line_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was being done leaves no trace on the terminal, and none at all in a pipe."""
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with status_line() as tell:
        tell("training run 2\x1b[2J")
    assert "training run 2" in terminal.getvalue()
    assert "\x1b[2J" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    with status_line() as tell:
        tell("training")
    assert pipe.getvalue() == ""


def test_a_snapshot_sees_saves_additions_and_removals(tmp_path: Path) -> None:
    """Any change to a file a check depends on differs; other files do not count."""
    (tmp_path / "layers.py").write_text("a")
    (tmp_path / ".git").mkdir()
    first = snapshot(tmp_path)
    (tmp_path / ".git/x.py").write_text("a")
    (tmp_path / "plot.png").write_text("a")
    assert snapshot(tmp_path) == first
    os.utime(tmp_path / "layers.py", ns=(1, 1))
    second = snapshot(tmp_path)
    assert second != first
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/report.md").write_text("a")
    assert snapshot(tmp_path) != second
    assert snapshot(tmp_path / "layers.py").keys() == {str(tmp_path / "layers.py")}
    assert snapshot(tmp_path / "gone.py") == {}


def test_waiting_ends_with_a_change(tmp_path: Path) -> None:
    """A save wakes the watcher up."""
    file = tmp_path / "layers.py"
    file.write_text("a")
    seen = snapshot(tmp_path)
    args = (tmp_path, seen, lambda: None)
    waiter = threading.Thread(target=wait_for_change, args=args, daemon=True)
    waiter.start()
    file.write_text("ab")
    waiter.join(timeout=30)
    assert not waiter.is_alive()


def test_waiting_ends_when_it_looks_up_and_somebody_wants_an_end(tmp_path: Path) -> None:
    """Even where the exception that a Ctrl-C has raised was swallowed by somebody."""

    def asked() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wait_for_change(tmp_path, snapshot(tmp_path), asked)
