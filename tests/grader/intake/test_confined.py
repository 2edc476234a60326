"""The process that reads documents: what one that a document has taken over could still do."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docx import Document

from grader.intake import reading
from grader.intake.listing import Unreadable
from grader.intake.reader import pdf
from grader.intake.reading import Patience, parsed_answer, read_document
from grader.intake.warm_reader import WarmReader
from grader.worker import landlock, seccomp

pytestmark = pytest.mark.slow  # processes that have to be waited for

_ROOT = Path(__file__).resolve().parents[3]
_TRIES = """
import json, os, socket, sys
sys.path.insert(0, sys.argv[1])
from grader.intake.reader.confined import confine
confine(("json",))

def tried(action):
    try:
        action()
    except OSError:
        return "refused"
    return "done"

print(json.dumps({
    "read": tried(lambda: open(sys.argv[2]).read()),
    "read the project": tried(lambda: open(sys.argv[1] + "/pyproject.toml").read()),
    "write": tried(lambda: open(sys.argv[2] + ".new", "w")),
    "change": tried(lambda: open(sys.argv[2], "a")),
    "list": tried(lambda: os.listdir("/")),
    "fork": tried(os.fork),
    "execute": tried(lambda: os.execv("/bin/true", ["true"])),
    "connect": tried(socket.socket),
    "signal": tried(lambda: os.kill(os.getppid(), 0)),
    "user": os.geteuid(),
}))
"""


@pytest.mark.skipif(not landlock.version() or not seccomp.available(), reason="the kernel's part")
def test_nothing_but_answering_is_possible(tmp_path: Path) -> None:
    """No file, no program, no network, no signal; and never root."""
    secret = tmp_path / "expected"
    secret.write_text("0.93")
    secret.chmod(0o666)
    done = subprocess.run(
        [sys.executable, "-I", "-c", _TRIES, str(_ROOT), str(secret)],
        capture_output=True,
        text=True,
        check=True,
    )
    outcomes = json.loads(done.stdout)
    assert outcomes.pop("user") != 0
    assert outcomes == dict.fromkeys(outcomes, "refused")
    assert secret.read_text() == "0.93"


Behave = Callable[[str], None]


@pytest.fixture(params=[pytest.param("started", marks=pytest.mark.slow), "forked"])
def behave(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behave]:
    """Gives children something else to do: those started alone, or those of a warm process."""
    warm: list[WarmReader] = []

    def behaving(behaviour: str) -> None:
        imports = "import json, os, subprocess, sys, time\n"
        if request.param == "started":
            monkeypatch.setattr(reading, "_START", imports + behaviour)
            monkeypatch.setattr(reading, "_WARM", None)
            return
        program = (
            "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
            "from grader.intake.reader import server\n"
            f"def main(*_): exec({imports + behaviour!r}, {{}}); sys.stdout.flush(); return 0\n"
            "server.main = main; server.start(int(sys.argv[1]))"
        )
        warm.append(WarmReader(reading._command(program), reading._environment()))
        monkeypatch.setattr(reading, "_WARM", warm[0])

    if request.param == "forked" and not hasattr(os, "pidfd_open"):
        pytest.skip("needs descriptors of processes")
    yield behaving
    for reader in warm:
        assert reader.running, "it was the warm process that read it"
        reader.close()


def test_the_environment_is_not_handed_on(behave: Behave, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens of the grader's surroundings stay with the grader."""
    monkeypatch.setenv("GRADER_TOKEN", "secret")
    behave("sys.stdin.read();print(json.dumps({'text': str(dict(os.environ))}))")
    assert "secret" not in read_document("pdf", b"")["text"]


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param("sys.stdout.write('x' * 11_000_000)", id="floods"),
        pytest.param("print('{}'); sys.exit(3)", id="fails after its answer"),
        pytest.param("print('{}'); os.close(1); time.sleep(60)", id="stays after its answer"),
        pytest.param("time.sleep(60)", id="never answers"),
        pytest.param("os.close(0); os.close(1); time.sleep(60)", id="closes everything"),
        pytest.param("os.kill(os.getpid(), 11)", id="crashes"),
        pytest.param("print('[' * 100_000)", id="nested"),
        pytest.param("print('[]')", id="a list"),
        pytest.param("print('{\"text\": 1}')", id="a number for a text"),
        pytest.param("print('{\"text\": ' + '9' * 5000 + '}')", id="a number without end"),
    ],
)
def test_whatever_the_child_does_the_document_is_unreadable(
    behave: Behave, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer is no more trusted than the document; nothing it does is waited for."""
    behave(behaviour)
    monkeypatch.setattr(reading, "_WALL_SECONDS", 0.5)
    with pytest.raises(Unreadable):
        read_document("pdf", b"x" * 1_000_000)


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_what_the_child_started_ends_with_it(
    behave: Behave, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should it run where the kernel cannot keep it from starting processes."""
    noted = tmp_path / "pid"
    behave(
        "p = subprocess.Popen(['sleep', '60']);"
        f"open({str(noted)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    monkeypatch.setattr(reading, "_WALL_SECONDS", 3)
    with pytest.raises(Unreadable):
        read_document("pdf", b"")
    assert _ends_soon(int(noted.read_text()))


def _ends_soon(process: int) -> bool:
    """Whether a process that was killed is gone, or dead and not yet fetched by its parent.

    A kill is a message: on a loaded machine the killed one may be seen running for a while.
    """
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


def test_documents_share_one_patience(behave: Behave) -> None:
    """A dozen that each take nearly their limit cannot hold up a batch a dozen times."""
    behave("time.sleep(60)")
    patience = Patience(0.5)
    with pytest.raises(Unreadable, match="took too long"):
        read_document("pdf", b"", patience)
    with pytest.raises(Unreadable, match="because the other documents took too long"):
        read_document("pdf", b"", patience)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs descriptors of processes")
def test_a_warm_process_that_is_gone_costs_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """One document is then read by a process started for it, and the next by another warm one."""
    notebook = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    program = reading._START_SERVER
    warm = WarmReader(reading._command(program), reading._environment())
    monkeypatch.setattr(reading, "_WARM", warm)
    for kill in (False, True, False):
        if kill:
            assert warm.running
            os.kill(warm.running, signal.SIGKILL)
        assert read_document("notebook", notebook.encode())["markdown"] == ""
    warm.close()


def test_a_problem_is_fit_to_show() -> None:
    """Its text comes from where the document was."""
    with pytest.raises(Unreadable) as caught:
        parsed_answer("pdf", json.dumps({"problem": "\x1b[2J" + "x" * 1_000}).encode())
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 400


_LATER = """
import sys, logging
sys.path.insert(0, sys.argv[1])
logging.disable()
from grader.intake.reader.__main__ import _reader
data = sys.stdin.buffer.read()
read, _ = _reader(sys.argv[2], data)
before = set(sys.modules)
read(data)
print(sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize("kind", ["notebook", "old notebook", "script", "pdf", "docx"])
def test_all_that_reading_needs_is_imported_before(kind: str) -> None:
    """Once confined, and as another user, the process may not be able to."""
    cells = [{"cell_type": "code", "source": "def f(größe):\n    return größe"}]
    old = [{"cell_type": "code", "input": "x = 1", "language": "python", "outputs": []}]
    word = io.BytesIO()
    document = Document()
    document.add_paragraph("The accuracy is 93 %.")
    document.add_table(1, 2).cell(0, 0).text = "batch size"
    document.save(word)
    data = {
        "notebook": json.dumps({"nbformat": 4, "cells": cells}).encode(),
        "old notebook": json.dumps(
            {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": old}]}
        ).encode(),
        "script": "def f(größe):\n    return größe\n%time f(1)\n".encode(),
        "pdf": pdf._PAGE,
        "docx": word.getvalue(),
    }[kind]
    done = subprocess.run(
        [sys.executable, "-I", "-c", _LATER, str(_ROOT), kind.removeprefix("old ")],
        input=data,
        capture_output=True,
        check=True,
    )
    assert done.stdout.strip() == b"[]"


def test_the_page_that_warms_up_the_pdf_reader_is_read() -> None:
    """A page that failed early would warm up little."""
    assert pdf.read_pdf(pdf._PAGE).strip() == "a"
