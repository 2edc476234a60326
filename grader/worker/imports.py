"""The ``__import__`` that student code gets.

Libraries keep the real one. A student's import means, in this order: a file beside the importing
one, a file at the root of the submission, an allowed or inert module, a file of that name in
another folder (``cs231n.layers`` when only ``layers.py`` was handed in), a module that the course
hands out, as if it lay in the folder in which it is looked for, and else it is refused.
A refused import raises where the student's own ``try`` catches it, so that fallbacks work;
elsewhere it binds a stand-in that raises when it is used.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
import types
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Literal, Protocol

from .rules import ImportRules, Verdict
from .stand_ins import RefusedImport, RefusedModule, inert_module

_CATCHES_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


class Modules(Protocol):
    """The submission's modules, as an import needs them (see loader.Submission)."""

    @property
    def sources(self) -> Mapping[str, str]:
        """Path -> text."""

    @property
    def loading(self) -> bool:
        """Whether the top level of some module is being executed."""

    def find(self, folder: str, dotted: str) -> str | None:
        """The path that the dotted name means in a folder."""

    def module(self, path: str) -> types.ModuleType:
        """The loaded module of this path."""

    def package(self, folder: str) -> types.ModuleType:
        """The module that stands for a folder."""

    def hand_out(self, path: str, text: str) -> None:
        """Let a module of the course's be found at this path."""

    def only_one_called(self, name: str) -> str | None:
        """The one source of this module name, in whatever folder."""

    def guarded(self, path: str, line: int) -> bool:
        """Whether the import on this line stands in a ``try`` that catches its failure."""


class StudentImport:
    """Called for every import statement of student code."""

    def __init__(self, submission: Modules, rules: ImportRules) -> None:
        self._submission = submission
        self._rules = rules
        self._stand_ins: dict[str, types.ModuleType] = {}

    def __call__(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,  # noqa: A002  the signature of __import__
        locals: object = None,  # noqa: A002, ARG002  the signature of __import__
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        """As ``builtins.__import__``.

        Raises:
            RefusedImport: the module is refused and the import stands in a ``try``.
        """
        importer = str((globals or {}).get("__file__") or "")
        folder = _folder(importer)
        if level:
            return self._relative(name, importer, level, fromlist or ())
        # The folder that Python would be started in may be any above: assignment2/ of cs231n.
        for place in _up_from(folder):
            if self._submission.find(place, name.partition(".")[0]) and not _protected(name):
                found = self._submission.find(place, name)
                if found in (None, importer):  # a file never means itself
                    continue
                if not self._library_first(found, name):
                    return self._own(found, place, name, fromlist or (), importer)
        return self._library(name, importer, fromlist or ())

    def _library_first(self, found: str, name: str) -> bool:
        # A mere folder with some .py in it does not hide a module of the standard library.
        is_package = found.endswith(".py") or f"{found}/__init__.py" in self._submission.sources
        return not is_package and self._rules.verdict(name) == "allowed"

    def _relative(
        self, name: str, importer: str, level: int, fromlist: Sequence[str]
    ) -> types.ModuleType:
        folder = _folder(importer)
        for _ in range(level - 1):
            folder = _folder(folder)
        found = self._submission.find(folder, name) if name else folder
        if found is None:
            # `..layers` from a file whose package was not handed in with it.
            found = self._submission.only_one_called(name.rpartition(".")[2])
        if found is None:
            found = self._handed_out(folder, name)
        if found is not None:
            return self._with_missing(self._load(found, fromlist), fromlist, importer)
        # `.im2col_cython` is compiled at home and never handed in.
        last = name.rpartition(".")[2]
        return self._stand_in(last, f"no file of the submission is called {last}.py", importer, 3)

    def _with_missing(
        self, module: types.ModuleType, fromlist: Sequence[str], importer: str
    ) -> types.ModuleType:
        """The package, with stand-ins for files that are asked of it and were not handed in."""
        if isinstance(module, types.ModuleType) and getattr(module, "__path__", None) == []:
            folder = module.__name__.replace(".", "/")
            for wanted in fromlist:
                if wanted == "*" or self._initialises(folder, wanted):
                    continue  # if __init__.py fails to bind it, that is what is to be told
                if _has(module, wanted):
                    continue
                path = self._handed_out(folder, wanted)
                if path is not None:
                    setattr(module, wanted, self._submission.module(path))
                else:
                    why = f"no file of the submission is called {wanted}.py"
                    setattr(module, wanted, self._stand_in(wanted, why, importer, 4))
        return module

    def _own(
        self, found: str, place: str, name: str, fromlist: Sequence[str], importer: str
    ) -> types.ModuleType:
        module = self._with_missing(self._load(found, fromlist), fromlist, importer)
        top, _, rest = name.partition(".")
        if fromlist or not rest:
            return module
        # `import a.b` binds a; b is reached through it.
        package = outer = self._submission.package(f"{place}/{top}" if place else top)
        path = f"{place}/{top}" if place else top
        parts = rest.split(".")
        for part in parts[:-1]:
            path = f"{path}/{part}"
            inner = self._submission.package(path)
            setattr(package, part, inner)
            package = inner
        setattr(package, parts[-1], module)
        return outer

    def _load(self, found: str, fromlist: Sequence[str]) -> types.ModuleType:
        if found.endswith(".py"):
            return self._submission.module(found)
        package = self._submission.package(found)
        if "*" in fromlist and f"{found}/__init__.py" in self._submission.sources:
            self._submission.module(f"{found}/__init__.py")
        for wanted in fromlist:
            inner = self._submission.find(found, wanted)
            if inner is None or wanted in vars(package):
                continue
            if self._initialises(found, wanted) and _has(package, wanted):
                continue  # ``from .relu import relu``: the function, not the file
            setattr(package, wanted, self._load(inner, ()))
        return package

    def _initialises(self, folder: str, name: str) -> bool:
        """Whether the folder's __init__.py speaks of a name, and so may give it a meaning."""
        text = self._submission.sources.get(f"{folder}/__init__.py", "")
        return re.search(rf"\b{re.escape(name)}\b", text) is not None

    def _library(self, name: str, importer: str, fromlist: Sequence[str]) -> Any:
        verdict: Verdict | Literal["not installed"] = self._rules.verdict(name)
        if verdict == "allowed":
            try:
                return builtins.__import__(name, None, None, fromlist, 0)
            except ModuleNotFoundError as error:
                if (error.name or "").partition(".")[0] != name.partition(".")[0]:
                    raise
                verdict = "not installed"
        # With no names to take from it, `import a.b` binds the top-level module.
        bound = name if fromlist else name.partition(".")[0]
        if verdict == "inert":
            return self._stand_ins.setdefault(bound, inert_module(bound))
        elsewhere = self._submission.only_one_called(name.rpartition(".")[2])
        if elsewhere not in (None, importer) and verdict == "missing":
            return self._elsewhere(elsewhere, name, fromlist)
        handed_out = self._handed_out(self._package_of(name, _folder(importer)), name)
        if handed_out is not None and verdict == "missing":
            return self._elsewhere(handed_out, name, fromlist)
        return self._stand_in(bound, refusal(name, verdict), importer, 3)

    def _handed_out(self, folder: str, name: str) -> str | None:
        """Where a module of the course's now is, which was asked for in this folder; or None."""
        if not self._rules.provides(name):
            return None
        last = name.rpartition(".")[2]
        path = f"{folder}/{last}.py" if folder else f"{last}.py"
        self._submission.hand_out(path, self._rules.provided[last])
        return path

    def _package_of(self, name: str, folder: str) -> str:
        """The folder that holds the package of a dotted name; else the importing file's."""
        package = name.rpartition(".")[0]
        found = (self._submission.find(place, package) for place in _up_from(folder) if package)
        return next((path for path in found if path and not path.endswith(".py")), folder)

    def _stand_in(self, bound: str, why: str, importer: str, depth: int) -> types.ModuleType:
        """What raises when it is used; raised at once where the import itself stands in a try."""
        line = sys._getframe(depth).f_lineno  # noqa: SLF001  no other way to the importing line
        if self._submission.guarded(importer, line):
            raise RefusedImport(why, name=bound)
        return RefusedModule(bound, why, lambda: self._submission.loading)

    def _elsewhere(self, path: str, name: str, fromlist: Sequence[str]) -> types.ModuleType:
        module = self._submission.module(path)
        if fromlist:
            return module
        for part in reversed(name.split(".")[1:]):
            outer = types.ModuleType(part)
            setattr(outer, part, module)
            module = outer
        return module


def refusal(name: str, verdict: str) -> str:
    """Why an import is refused, in one sentence."""
    if verdict == "not installed":
        return f"{name!r} is allowed, but not installed where the code is graded"
    if verdict == "missing":
        return f"{name!r} is not a file of the submission and not a module that may be imported"
    return f"{name!r} may not be imported in this assignment"


def guarded_lines(nodes: Iterable[ast.AST]) -> frozenset[int]:
    """The lines of imports that stand in a ``try`` whose handlers catch an ImportError.

    Args:
        nodes: all of a syntax tree.
    """
    lines: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.Try) and any(map(_catches, node.handlers)):
            for statement in node.body:
                lines.update(
                    inner.lineno
                    for inner in ast.walk(statement)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                )
    return frozenset(lines)


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(c, ast.Name) and c.id in _CATCHES_IMPORT_ERRORS for c in caught)


def _protected(name: str) -> bool:
    # A file called numpy.py would take NumPy's place for the student's code alone and make every
    # message about it misleading.
    return name.partition(".")[0] == "numpy"


def _has(package: types.ModuleType, name: str) -> bool:
    try:
        return hasattr(package, name)
    except Exception:  # noqa: BLE001  its __init__.py fails, which sinks nothing beside it
        return False


def _up_from(folder: str) -> list[str]:
    """The folder and those above it, the root of the submission last."""
    places = [folder]
    while places[-1]:
        places.append(_folder(places[-1]))
    return places


def _folder(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent
