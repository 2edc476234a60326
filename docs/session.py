"""A shell session for the documents: what commands print, as a person would see it."""

from __future__ import annotations

import atexit
import functools
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from fixtures.samples import load_samples
from grader.assignment_file import BUILT_IN

_GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]
# The secret seed of the transcripts' instructor; any would do, but the same every time.
_SEED = "00" * 32


@functools.cache
def _home() -> Path:
    """The instructor's home, the same in all sessions: hidden bundles are made once."""
    home = Path(tempfile.mkdtemp(prefix="goldgrad-docs-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "seed").write_text(f"{_SEED}\n")
    (home / "seed").chmod(0o600)
    return home


class Session:
    """A shell session in a scratch folder, written down as a person would see it."""

    def __init__(self, scratch: Path) -> None:
        home = _home()
        self._folder = scratch / "work"
        self._folder.mkdir()
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GOLDGRAD_HOME": str(home),
            "XDG_CACHE_HOME": str(home),
            "COLUMNS": "80",
            "LOGNAME": "ana",
            "LANG": "C.UTF-8",
        }

    def put(self, sample: str, name: str, *, folder: bool = False) -> None:
        """Lay a sample submission ready, as a zip ``name`` or a folder."""
        files = load_samples()[sample]
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if folder:
            files.write_folder(target.parent).rename(target)
        else:
            files.write_zip(target.parent).rename(target)

    def copy(self, path: Path) -> None:
        """Lay a file or folder ready under its own name."""
        copied = shutil.copytree if path.is_dir() else shutil.copy
        copied(path, self._folder / path.name)

    def edit(self, name: str, changes: Mapping[str, str]) -> None:
        """Lay a copy of hw3's YAML ready, with some of its text replaced."""
        text = (BUILT_IN / "hw3.yaml").read_text(encoding="utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        (self._folder / name).write_text(text, encoding="utf-8")

    def run(self, command: str, *, stderr: bool = True) -> str:
        """What the session looks like after this command; ``cd`` is understood."""
        shown = f"$ {command}\n"
        words = shlex.split(command)
        if words[0] == "cd":
            self._folder /= words[1]
            return shown
        if words[0] == "ls":
            return shown + "".join(f"{p.name}\n" for p in sorted(self._folder.iterdir()))
        done = subprocess.run(  # noqa: S603 - our own command
            [*_GRADE, *words[1:]],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if stderr else subprocess.DEVNULL,
            text=True,
            check=False,
        )
        if "something went wrong inside" in done.stdout:
            raise RuntimeError(f"{command} failed, and is no example:\n{done.stdout}")
        code = f"(exit code {done.returncode})\n" if done.returncode else ""
        return shown + done.stdout.rstrip("\n") + "\n" + code


def told(story: Callable[[Session], Iterable[str]]) -> str:
    """A story of commands as a transcript, played in a scratch folder."""
    with tempfile.TemporaryDirectory() as scratch:
        return "```console\n" + "\n".join(story(Session(Path(scratch)))) + "```\n"
