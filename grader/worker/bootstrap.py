"""The first code inside the wall: decides by hand what can be imported there.

Started as a script with ``python -s -S -P`` and an environment made by hand, so neither the
user's packages nor the current folder nor ``.pth`` files are on the path. The standard library
is; of the folder that holds NumPy nothing else is visible, and this package appears under a name
of its own. ``import grader`` and ``import reference`` find nothing, however they are installed.

Its one argument is a plan, as JSON: ``mode`` ("fork" or "alone"), ``number`` (its descriptor or
port), ``folders`` with packages, ``names`` of the packages allowed from there, and what the mode
itself needs.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

_NAME = "goldgrad_worker"


class Packages(importlib.abc.MetaPathFinder):
    """Finds only the named packages in the given folders; all but our own when a name is "*"."""

    _OWN = frozenset({"grader", "reference", "goldgrad"})

    def __init__(self, folders: Sequence[str], names: Sequence[str]) -> None:
        self._folders = list(folders)
        self._names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """As MetaPathFinder.find_spec; None for what is not to be seen."""
        if path is not None or fullname in self._OWN:
            return None
        if fullname not in self._names and "*" not in self._names:
            return None
        return importlib.machinery.PathFinder.find_spec(fullname, self._folders, target)


def _load_worker() -> None:
    folder = Path(__file__).resolve().parent
    spec = importlib.util.spec_from_file_location(
        _NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError("the worker's package cannot be loaded")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = package
    spec.loader.exec_module(package)


def main() -> None:
    """Set the path up, then run the server or a single worker."""
    plan = json.loads(sys.argv[1])
    sys.argv = [""]
    sys.meta_path.append(Packages(plan["folders"], plan["names"]))
    _load_worker()
    if plan["mode"] == "fork":
        server = importlib.import_module(f"{_NAME}.server")
        server.main(plan["number"], plan)
    else:
        alone = importlib.import_module(f"{_NAME}.alone")
        alone.main(plan["number"], sys.stdin.buffer.read(alone.TOKEN_BYTES))


if __name__ == "__main__":
    main()
