"""Notebooks as source files: what the reading process found, as SourceFiles with origins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.intake.listing import Unreadable
from grader.intake.reading import read_document
from grader.intake.selection import taken_module
from grader.intake.workspace import SourceFile, SourceLine
from grader.untrusted import shown

MAX_NOTEBOOK_BYTES = 30_000_000


@dataclass(frozen=True)
class ReadNotebook:
    """A notebook's modules and text."""

    path: str
    sources: tuple[SourceFile, ...]
    """The generated module, then the files that cells write with ``%%writefile``."""
    markdown: str
    notes: tuple[str, ...]


def read_notebook(path: str, data: bytes, taken: frozenset[str]) -> ReadNotebook:
    """Turn a notebook into importable modules.

    The generated module is called like the notebook; see grader/intake/reader/definitions.py for
    what it holds. It has no line that is not in the notebook.

    Args:
        path: of the notebook, relative to the submission.
        data: its bytes.
        taken: paths of the sources found so far; a module never takes the place of a file.

    Raises:
        Unreadable: the text stands after the notebook's name and a colon.
    """
    answer = read_document("notebook", data)
    folder = path.rpartition("/")[0]
    used = set(taken)
    sources = []
    for module in answer["modules"]:
        lines = module["lines"]
        if not any(str(text).strip() for text, _, _ in lines):
            continue
        wanted = module["path"]
        own = str(PurePosixPath(path).with_suffix(".py"))
        target = own if wanted is None else f"{folder}/{wanted}".lstrip("/")
        if target in used and wanted is not None:
            continue  # the file itself was handed in
        if target in used or (wanted is None and taken_module(target, frozenset())):
            target = target.removesuffix(".py") + "_notebook.py"
        used.add(target)
        sources.append(
            SourceFile(
                path=target,
                text="".join(f"{text}\n" for text, _, _ in lines),
                notebook=path,
                origin=tuple(SourceLine(int(cell), int(line)) for _, cell, line in lines),
            )
        )
    if not sources:
        raise Unreadable("it defines no function")
    notes = tuple(shown(note, 300) for note in answer["notes"])
    return ReadNotebook(path, tuple(sources), str(answer["markdown"]), notes)
