"""Loads the student's modules from source text held in memory.

No file of the submission exists where the code runs. A module is found by its path
(``layers.py``, ``cs231n/layers.py``), loaded when it is first asked for, and independent of the
others: one that cannot be loaded sinks only what imports it.
"""

from __future__ import annotations

import builtins
import contextlib
import linecache
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NoReturn

from . import older
from .compiled import Compiled, compiled
from .imports import StudentImport
from .rules import ImportRules
from .stand_ins import Inert, RefusedImport


class StudentPackage(types.ModuleType):
    """A folder as a module. Its ``__init__.py`` runs when something in it is asked for.

    So a package whose ``__init__`` fails does not sink the modules beside it.
    """

    def __getattr__(self, name: str) -> Any:
        load = self.__dict__.get("_load")
        if load is not None and not name.startswith("__"):
            load()
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class Submission:
    """The student's modules.

    Args:
        sources: path -> text.
        rules: which other modules the sources may import.
        refused: path -> why this module must not be loaded (it was stopped when last tried).
        kept: path -> what was made of it before.
    """

    def __init__(
        self,
        sources: Mapping[str, str],
        rules: ImportRules,
        refused: Mapping[str, str] | None = None,
        kept: Mapping[str, Compiled] | None = None,
    ) -> None:
        self.sources = dict(sources)
        self._refused = dict(refused or {})
        self._compiled = dict(kept or {})
        self._modules: dict[str, types.ModuleType] = {}
        self._packages: dict[str, types.ModuleType] = {}
        # Apart from the sources: what happens in here is told as of the line that calls it.
        self._handed_out: dict[str, str] = {}
        self._rules = rules
        self.entered = ""
        """The function or class that the grader calls; nothing while a file is only imported."""
        self._depth = 0
        self._guarded: dict[str, frozenset[int]] = {}
        self._builtins = _student_builtins()
        self._builtins["__import__"] = StudentImport(self, rules)

    @property
    def loading(self) -> bool:
        """Whether the top level of some module is being executed."""
        return self._depth > 0

    def guarded(self, path: str, line: int) -> bool:
        """Whether the import on this line stands in a ``try`` that catches its failure."""
        return line in self._guarded.get(path, ())

    def module(self, path: str) -> types.ModuleType:
        """The module made from the source with this path; loads it when it is not loaded.

        Raises:
            KeyError: there is no such source.
            BaseException: whatever its top level raises, or a SyntaxError.
        """
        if path in self._modules:
            return self._modules[path]
        if PurePosixPath(path).name == "__init__.py":
            return self._initialise(path)
        return self._execute(path, types.ModuleType(module_name(path)))

    def _initialise(self, path: str) -> types.ModuleType:
        package = self.package(str(PurePosixPath(path).parent))
        load = package.__dict__.pop("_load", None)  # what it imports may ask for its names
        try:
            return self._execute(path, package)
        except BaseException:
            package.__dict__["_load"] = load
            raise

    def package(self, folder: str) -> types.ModuleType:
        """The module that stands for a folder of the submission."""
        if folder not in self._packages:
            package = StudentPackage(folder.replace("/", "."))
            package.__path__ = []
            init = f"{folder}/__init__.py".lstrip("/")
            if init in self.sources:
                package.__dict__["_load"] = lambda: self.module(init)
            self._packages[folder] = package
        return self._packages[folder]

    def find(self, folder: str, dotted: str) -> str | None:
        """The path that the dotted name means in a folder ('' is the root): a file or a folder."""
        path = "/".join(part for part in (folder, dotted.replace(".", "/")) if part)
        if f"{path}.py" in self.sources or f"{path}.py" in self._handed_out:
            return f"{path}.py"
        if path and any(source.startswith(f"{path}/") for source in self.sources):
            return path
        return None

    def hand_out(self, path: str, text: str) -> None:
        """Let a module of the course's be found at this path, where the submission has no file."""
        self._handed_out.setdefault(path, text)

    def only_one_called(self, name: str) -> str | None:
        """The one source of this module name, in whatever folder; None for none or several."""
        found = [path for path in self.sources if PurePosixPath(path).name == f"{name}.py"]
        return found[0] if len(found) == 1 else None

    def _execute(self, path: str, module: types.ModuleType) -> types.ModuleType:
        if path in self._refused:
            raise ImportError(self._refused[path])
        text = self.sources[path] if path in self.sources else self._handed_out[path]
        lines = text.splitlines(keepends=True)
        linecache.cache[path] = (len(text), None, lines, path)
        made = self._compiled.get(path)
        if made is None or made.text != text:
            *_, made = compiled(path, text)
        self._guarded[path] = made.guarded
        parent = PurePosixPath(path).parent
        module.__file__ = path
        module.__package__ = "" if str(parent) == "." else str(parent).replace("/", ".")
        module.__dict__["__builtins__"] = self._builtins
        self._modules[path] = module
        try:
            with self._registered(module), self._loading():
                exec(made.code, module.__dict__)  # noqa: S102  running it is what the wall is for
        except BaseException:
            del self._modules[path]
            raise
        if path not in self.sources and self._rules.provided_to is not None:
            for name, value in vars(module).copy().items():
                if isinstance(value, types.FunctionType) and value.__globals__ is vars(module):
                    setattr(module, name, self._only_for_some(value))
        return module

    def _only_for_some(self, function: types.FunctionType) -> Callable[..., Any]:
        """A function of the course's that must not do the work of those that are on trial."""
        allowed = self._rules.provided_to or ()

        def handed_out(*args: Any, **keywords: Any) -> Any:
            if self.entered and self.entered not in allowed:
                raise RefusedImport(
                    f"{function.__name__} is handed out for {', '.join(allowed)}; "
                    f"{self.entered} is to do without"
                )
            return function(*args, **keywords)

        return handed_out

    @contextlib.contextmanager
    def _loading(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    @contextlib.contextmanager
    def _registered(self, module: types.ModuleType) -> Iterator[None]:
        # dataclasses and typing look a class's module up in sys.modules. A student's random.py
        # must not be found there by the libraries that want the real one.
        top = module.__name__.partition(".")[0]
        if top in sys.stdlib_module_names or top in sys.modules:
            yield
            return
        sys.modules[module.__name__] = module
        try:
            yield
        except BaseException:
            sys.modules.pop(module.__name__, None)
            raise


def module_name(path: str) -> str:
    """The module's name: ``cs231n/layers.py`` is ``cs231n.layers``."""
    return path.removesuffix(".py").replace("/", ".")


def _student_builtins() -> dict[str, Any]:
    names = {**older.names(), **vars(builtins)}
    # `site` is not loaded inside the wall; notebooks have display and get_ipython.
    names.update(
        input=_no_input, exit=sys.exit, quit=sys.exit, display=_display, get_ipython=_get_ipython
    )
    return names


def _no_input(*_prompt: object) -> NoReturn:
    raise EOFError("input() has nobody to answer it while the code is graded")


def _display(*_values: object, **_options: object) -> None:
    """What a notebook's display does here: nothing."""


def _get_ipython() -> Inert:
    return Inert("get_ipython()")
