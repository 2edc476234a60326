"""Where packages are installed: those that student code may import, and our own.

Names are followed through the installed distributions' own records; nothing is imported but
NumPy, which this process has already.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Final

import numpy as np

import grader

_OWN_DISTRIBUTION: Final = "goldgrad"
_OWN_PACKAGES: Final = ("grader", "reference")
_REQUIRED_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FOR_AN_EXTRA: Final = re.compile(r";.*\bextra\s*==")


def worker_folder() -> Path:
    """The folder of the code that runs inside the wall."""
    return Path(grader.__file__).parent / "worker"


def packages(frameworks: Collection[str] = ()) -> list[Path]:
    """The worker, NumPy, and the frameworks with all they require, as files and folders.

    Args:
        frameworks: importable names; those that are not installed are left out.
    """
    found = [worker_folder(), *_with_libraries(Path(np.__file__).parent)]
    if frameworks:
        found += _closure(frozenset(frameworks))
    return [path for path in dict.fromkeys(found) if path.exists()]


def own_folders() -> list[Path]:
    """What must stay unseen: our own code, the checkout, the secret seed, the user's home."""
    beside = Path(grader.__file__).parent.parent
    found = [*(beside / name for name in _OWN_PACKAGES), Path.home()]
    if (beside / "pyproject.toml").is_file():
        found.append(beside)
    if "GOLDGRAD_HOME" in os.environ:
        found.append(Path(os.environ["GOLDGRAD_HOME"]))
    return [path for path in dict.fromkeys(p.resolve() for p in found) if _reached(path)]


def _reached(path: Path) -> bool:
    """Whether it is there; what is closed to us is closed to student code as well."""
    try:
        return path.exists()
    except PermissionError:
        return False


@lru_cache(maxsize=8)
def _closure(frameworks: frozenset[str]) -> tuple[Path, ...]:
    """What the frameworks and all their installed requirements are made of."""
    found: list[Path] = []
    waiting: list[str] = []
    for name in sorted(frameworks):
        found += _located(name)
        waiting += _distributions_of(name)
    seen = {_OWN_DISTRIBUTION}
    while waiting:
        name = _normal(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # required on other systems, or only with an option
        found += _top_level(distribution)
        waiting += _requirements(distribution)
    own = own_folders()
    return tuple(path for path in dict.fromkeys(found) if path.resolve() not in own)


def _located(name: str) -> list[Path]:
    """An importable name's own file or folder, with the libraries beside it."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return []
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    if not folders and spec.has_location and spec.origin is not None:
        return [Path(spec.origin)]
    return [path for folder in folders for path in _with_libraries(folder)]


def _with_libraries(package: Path) -> list[Path]:
    """A package's folder and, where its wheel brought shared libraries, theirs."""
    return [package, package.with_name(f"{package.name}.libs")]


def _distributions_of(name: str) -> list[str]:
    try:
        return [metadata.distribution(name).metadata["Name"]]
    except metadata.PackageNotFoundError:
        # Only where the names differ (sklearn, PIL): this reads every installed record.
        return metadata.packages_distributions().get(name, [])


def _requirements(distribution: metadata.Distribution) -> Iterator[str]:
    # Conditions other than extras are not evaluated: what is not installed drops out by itself.
    for requirement in distribution.requires or ():
        name = _REQUIRED_NAME.match(requirement)
        if name is not None and not _FOR_AN_EXTRA.search(requirement):
            yield name[0]


def _top_level(distribution: metadata.Distribution) -> list[Path]:
    """A distribution's files and folders beside its metadata; without a record, none but by name.

    Folders outside (scripts, headers) and metadata are left out; so are .pth files, which are
    never read inside.
    """
    names: dict[str, None] = {}
    for file in distribution.files or ():
        first = file.parts[0]
        if first != os.pardir and not first.endswith((".dist-info", ".egg-info", ".data", ".pth")):
            names[first] = None
    # A single module's compiled form lies in a folder shared with everybody's.
    names.pop("__pycache__", None)
    found = [Path(str(distribution.locate_file(name))) for name in names]
    if not found:
        listed = (distribution.read_text("top_level.txt") or "").split()
        for name in listed or [_normal(distribution.metadata["Name"]).replace("-", "_")]:
            if name not in _OWN_PACKAGES and name not in sys.stdlib_module_names:
                found += _located(name)
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
