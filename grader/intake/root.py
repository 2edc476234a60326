"""Which folder is the root of a submission: zips are made of folders in folders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from grader.intake.workspace import SourceFile

# One pass over each text, whatever folders there are.
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\.|\w+)", re.MULTILINE)


def common_folder(paths: list[str], sources: list[SourceFile]) -> str:
    """The folders around all these files, with a final slash; "" when there are none.

    A folder that the code uses as a package keeps its name: it is needed for the imports.
    """
    imported = {source.path: frozenset(_IMPORT.findall(source.text)) for source in sources}
    prefix = ""
    while paths:
        folders = {path[len(prefix) :].partition("/")[0] for path in paths}
        if len(folders) != 1 or any("/" not in path[len(prefix) :] for path in paths):
            break
        folder = folders.pop()
        if _is_package(folder, prefix, imported):
            break
        prefix += folder + "/"
    return prefix


def _is_package(folder: str, prefix: str, imported: Mapping[str, frozenset[str]]) -> bool:
    inside = prefix + folder + "/"
    if inside + "__init__.py" in imported:
        return True
    if not folder.isidentifier():
        return False
    return any(
        folder in names or ("." in names and path.removeprefix(inside).count("/") == 0)
        for path, names in imported.items()
    )


def moved(source: SourceFile, prefix: str) -> SourceFile:
    """The source with its path, and its notebook's, told from that folder."""
    notebook = source.notebook.removeprefix(prefix) if source.notebook else None
    return replace(source, path=source.path.removeprefix(prefix), notebook=notebook)
