"""Which folder is the root of a submission: zips are made of folders in folders."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.intake.workspace import SourceFile


def common_folder(paths: list[str], sources: list[SourceFile]) -> str:
    """The folders around all these files, with a final slash; "" when there are none.

    A folder that the code uses as a package keeps its name: it is needed for the imports.
    """
    prefix = ""
    while paths:
        folders = {path[len(prefix) :].partition("/")[0] for path in paths}
        if len(folders) != 1 or any("/" not in path[len(prefix) :] for path in paths):
            break
        folder = folders.pop()
        if _is_package(folder, prefix, sources):
            break
        prefix += folder + "/"
    return prefix


def _is_package(folder: str, prefix: str, sources: list[SourceFile]) -> bool:
    inside = prefix + folder + "/"
    if any(source.path == inside + "__init__.py" for source in sources):
        return True
    if not folder.isidentifier():
        return False
    by_name = re.compile(rf"^[ \t]*(?:from|import)[ \t]+{re.escape(folder)}\b", re.MULTILINE)
    relative = re.compile(r"^[ \t]*from[ \t]+\.", re.MULTILINE)
    direct = [s for s in sources if s.path.removeprefix(inside).count("/") == 0]
    return any(by_name.search(s.text) for s in sources) or any(
        relative.search(s.text) for s in direct
    )


def moved(source: SourceFile, prefix: str) -> SourceFile:
    """The source with its path, and its notebook's, told from that folder."""
    notebook = source.notebook.removeprefix(prefix) if source.notebook else None
    return replace(source, path=source.path.removeprefix(prefix), notebook=notebook)
