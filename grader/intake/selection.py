"""Which files of a submission matter: sources, notebooks, documents; the rest is set aside.

Set aside means: named in the result with the reason, read by nobody. That is data files (the
student's code must not find them while it trains), what operating systems and editors leave
behind, and environments.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.intake.listing import Entry
from grader.untrusted import shown

_JUNK_FOLDERS = {
    "__MACOSX": "written by macOS",
    "__pycache__": "Python's cache",
    ".ipynb_checkpoints": "the notebook editor's copies",
    ".git": "version control",
    ".svn": "version control",
    ".hg": "version control",
    "node_modules": "installed packages",
    "site-packages": "installed packages",
    "dist-packages": "installed packages",
    "venv": "a virtual environment",
    ".venv": "a virtual environment",
}
_ENVIRONMENT_MARK = "pyvenv.cfg"

_JUNK_FILES = {"Thumbs.db", "desktop.ini", "Icon\r"}
_COMPILED = {".pyc", ".pyo", ".pyd", ".so", ".dll", ".dylib"}
_DOCUMENTS = {
    *(".md", ".markdown", ".txt", ".rst", ".tex", ".org", ".pdf", ".docx"),
    *(".doc", ".odt", ".rtf", ".pages", ".html", ".htm"),
}
_ARCHIVES = {".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"}

# Module names that NumPy, the worker and student code import by right. Homework files are often
# called code.py or test.py; nothing that is allowed here imports the modules of those names.
_TAKEN_MODULES = (
    frozenset(sys.stdlib_module_names) - {"cmd", "code", "profile", "test", "this", "trace"}
) | {
    *("numpy", "scipy", "matplotlib", "pandas", "sklearn", "seaborn", "tqdm", "IPython"),
    *("torch", "torchvision", "tensorflow", "keras", "jax", "PIL", "cv2", "yaml", "past"),
    *("grader", "reference", "__main__", "sitecustomize", "usercustomize"),
}


NOT_NEEDED = "not needed for marking; the code cannot see it"


@dataclass(frozen=True)
class Selection:
    """The files of a submission by what they are for."""

    sources: tuple[Entry, ...]
    notebooks: tuple[Entry, ...]
    documents: tuple[Entry, ...]
    archives: tuple[Entry, ...]
    ignored: tuple[str, ...]
    """What was set aside, each with its reason."""


def select(entries: Iterable[Entry]) -> Selection:
    """Sort files by what they are for; the order of paths is kept deterministic."""
    ordered = sorted(entries, key=lambda entry: entry.path)
    environments = {
        entry.path.rpartition("/")[0] for entry in ordered if entry.name == _ENVIRONMENT_MARK
    }
    kept: dict[str, list[Entry]] = {"source": [], "notebook": [], "document": [], "archive": []}
    ignored: list[str] = []
    folders: dict[tuple[str, str], int] = {}
    for entry in ordered:
        folder = _set_aside_folder(entry.path, environments)
        if folder is not None:
            folders[folder] = folders.get(folder, 0) + 1
            continue
        reason = _set_aside_file(entry)
        if reason is not None:
            ignored.append(f"{shown(entry.path, 120)} ({reason})")
            continue
        kept[_kind(entry)].append(entry)
    ignored += [
        f"{shown(folder, 120)}/ ({reason}, {count} file{'s' if count > 1 else ''})"
        for (folder, reason), count in folders.items()
    ]
    return Selection(
        sources=tuple(kept["source"]),
        notebooks=tuple(kept["notebook"]),
        documents=tuple(kept["document"]),
        archives=tuple(kept["archive"]),
        ignored=tuple(ignored),
    )


def junk_folder(name: str) -> str | None:
    """Why a folder of this name holds no homework, or None."""
    if name in _JUNK_FOLDERS:
        return _JUNK_FOLDERS[name]
    return "hidden" if name.startswith(".") else None


def _set_aside_folder(path: str, environments: set[str]) -> tuple[str, str] | None:
    folders = path.split("/")[:-1]
    for depth, name in enumerate(folders, start=1):
        folder = "/".join(folders[:depth])
        if folder in environments:
            return folder, "a virtual environment"
        reason = junk_folder(name)
        if reason is not None:
            return folder, reason
    return None


def _set_aside_file(entry: Entry) -> str | None:
    suffix = PurePosixPath(entry.name).suffix.lower()
    if entry.name.startswith("._") or entry.name in {".DS_Store", *_JUNK_FILES}:
        return "left by the operating system"
    if entry.name.startswith("."):
        return "hidden"
    if suffix in _COMPILED:
        return "compiled code is not loaded"
    if suffix in {".py", ".ipynb", *_DOCUMENTS, *_ARCHIVES}:
        return None
    return NOT_NEEDED


def _kind(entry: Entry) -> str:
    suffix = PurePosixPath(entry.name).suffix.lower()
    if suffix == ".py":
        return "source"
    if suffix == ".ipynb":
        return "notebook"
    return "archive" if suffix in _ARCHIVES else "document"


def taken_module(path: str, packages: frozenset[str]) -> str | None:
    """The standard or third-party module that a source file of this path would shadow.

    Args:
        path: of the source file, relative to the submission's root.
        packages: folders with an ``__init__.py``; a module inside one has the package's name
            before its own and shadows nothing.

    Returns:
        The module's name, or None when the file shadows nothing.
    """
    parts = PurePosixPath(path).with_suffix("").parts
    top = parts[0]
    if top in packages and top in _TAKEN_MODULES:
        return top
    parent = "/".join(parts[:-1])
    if parent in packages:
        return None
    return parts[-1] if parts[-1] in _TAKEN_MODULES else None
