"""The reference as a submission: what a student would hand in who had written it.

An assignment is proved with it before use: handed in as it is, it must earn everything, and with a
registered bug in it, that bug must be found. It is marked like any other submission, so it may not
need anything of this project: the sources travel under another name, as the student's own files.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from grader.assignment import Assignment
from grader.bundle import BugNote
from grader.fitting import student_name
from reference.bugs.registry import FAMILIES
from reference.problems.catalogue import CATALOGUE
from reference.problems.solution import SOLUTION
from reference.training import HYPERPARAMETERS

_SOURCE = Path(__file__).resolve().parent
# The one thing that the solution takes from the harness, which is not there behind the wall.
_NOTE = "from grader.bundle import BugNote"
# A family's "Net" (or "Net:known", of a dict) and "Net.loss" are functions; students have a class.
_METHODS = """

def bound(method, held):
    return lambda *args: method(held, *args)


def with_keywords(make):
    return lambda **options: make(options)


def with_methods(make, methods):
    def made(*args, **options):
        held = make(*args, **options)
        for name, method in methods.items():
            setattr(held, name, bound(method, held))
        return held

    return made


for name in [name for name in F if name.endswith(":known")]:
    F[name.removesuffix(":known")] = with_keywords(F.pop(name))
methods = {}
for name in [name for name in F if "." in name]:
    owner, _, member = name.partition(".")
    methods.setdefault(owner, {})[member] = F.pop(name)
for owner in methods:
    F[owner] = with_methods(F[owner], methods[owner])
"""
_TRAINING = ("train", "HYPERPARAMETERS", "init_params")


def solution_files(
    assignment: Assignment, *, bug: str | None = None, accuracy: float | None = None
) -> dict[str, str]:
    """The submission's files: path -> text.

    Every function lies in the file where the assignment expects it; one that the assignment
    expects nowhere is there as well.

    Args:
        assignment: says in which files the functions are expected.
        bug: id of the registered bug to plant; None for none.
        accuracy: test accuracy that the report states, 0..1; None leaves it out.
    """
    package = _unused("solution", assignment)
    used = _used(assignment)
    table = _table_of(bug) if bug else None
    bugs = [f"bugs/{table[0].replace('.', '/')}.py"] if table else []
    training = ["training.py"] if assignment.dataset else []
    files = {
        f"{package}/{path}": _renamed(text, package)
        for path, text in _needed(*training, *_modules(used), *bugs).items()
    }
    if bug:
        files[f"{package}/note.py"] = _note()
    files[f"{package}/chosen.py"] = _chosen(package, bug, table, assignment, used)
    rest = {
        student_name(name, assignment.names): name
        for name in [*used, *(_TRAINING if assignment.dataset else ())]
    }
    for path, names in assignment.files.items():
        files[path] = _module(package, {name: rest.pop(name) for name in names if name in rest})
    if rest:
        files[f"{_unused('other_functions', assignment)}.py"] = _module(package, rest)
    files["report.md"] = _report(accuracy)
    return files


def _used(assignment: Assignment) -> list[str]:
    """The functions of the solution that the assignment's files or problems name."""
    theirs = {called: name for name, called in assignment.names.items()}
    named = {theirs.get(name, name) for names in assignment.files.values() for name in names}
    called = {CATALOGUE[name].function for name in assignment.problems()}
    owners = {name.partition(".")[0] for name in (*named, *called)}
    family = {
        name
        for each in FAMILIES
        if (called | owners) & each.signatures.keys()
        for name in each.signatures
    }
    return [name for name in SOLUTION if name in owners | family]


def _modules(functions: Iterable[str]) -> list[str]:
    """Where the reference's own functions of these names are written."""
    modules = dict.fromkeys(SOLUTION[name].__module__ for name in functions)
    return [f"{module.removeprefix('reference.').replace('.', '/')}.py" for module in modules]


def _table_of(bug: str) -> tuple[str, str]:
    """The module of reference.bugs, and the name in it, of the table that a bug stands in.

    The submission then holds one table, not all: hundreds of them are marked.
    """
    for module in pkgutil.walk_packages([str(_SOURCE / "bugs")], "reference.bugs."):
        for name, value in vars(importlib.import_module(module.name)).items():
            rows = value if name.endswith("_BUGS") and name != "ALL_BUGS" else ()
            if any(row.id == bug for row in rows):
                return module.name.removeprefix("reference.bugs."), name
    raise KeyError(bug)


def _unused(name: str, assignment: Assignment) -> str:
    while any(path.split("/")[0] in {name, f"{name}.py"} for path in assignment.files):
        name += "_"
    return name


@functools.cache
def _needed(*roots: str) -> Mapping[str, str]:
    """Those of the reference's files that these import, and the packages they lie in."""
    found: dict[str, str] = {}
    todo = ["__init__.py", *roots]
    while todo:
        path = todo.pop()
        if path in found:
            continue
        found[path] = (_SOURCE / path).read_text(encoding="utf-8")
        todo += [f"{parent.as_posix()}/__init__.py" for parent in Path(path).parents[:-1]]
        todo += _imported(found[path])
    return dict(sorted(found.items()))


def _imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        top, *names = node.module.split(".")
        if top != "reference":
            continue
        # ``from reference import arrays`` names modules; ``from reference.arrays import Array``
        # names what is in one.
        modules = [names] if names else [[alias.name] for alias in node.names]
        for module in modules:
            path = "/".join(module)
            yield f"{path}.py" if (_SOURCE / f"{path}.py").exists() else f"{path}/__init__.py"


def _renamed(text: str, package: str) -> str:
    text = text.replace(_NOTE, f"from {package}.note import BugNote")
    return re.sub(r"^(\s*)from reference\b", rf"\1from {package}", text, flags=re.MULTILINE)


def _note() -> str:
    return f"from dataclasses import dataclass\n\n\n{inspect.getsource(BugNote)}"


def _chosen(
    package: str,
    bug: str | None,
    table: tuple[str, str] | None,
    assignment: Assignment,
    used: Iterable[str],
) -> str:
    lines = ["F = {}"]
    for name in used:
        module = SOLUTION[name].__module__.replace("reference", package, 1)
        lines += [f"from {module} import {name}", f"F[{name!r}] = {name}"]
    if table:
        lines += [
            f"from {package}.bugs.{table[0]} import {table[1]}",
            "",
            f"(bug,) = [bug for bug in {table[1]} if bug.id == {bug!r}]",
            "F.update(bug.functions())",
            "",
            _METHODS,
        ]
    lines += [
        f"F[{owner!r}].{called.partition('.')[2]} = F[{owner!r}].{member}"
        for name, called in assignment.names.items()
        for owner, _, member in [name.partition(".")]
        if member
    ]
    if assignment.dataset:
        lines += _training(package, assignment.dataset.classes)
    return "\n".join(lines) + "\n"


def _training(package: str, classes: int) -> list[str]:
    return [
        "",
        f"from {package} import training",
        f"from {package}.two_layer_net import init_params",
        "",
        "",
        "def train(X, y, hyperparameters, seed):",
        f"    return training.train_classes({classes}, X, y, hyperparameters, seed)",
        "",
        "",
        "F.update(",
        "    train=train, init_params=init_params, HYPERPARAMETERS=training.HYPERPARAMETERS",
        ")",
    ]


def _module(package: str, names: Mapping[str, str]) -> str:
    """A file that binds the students' names to the solution's."""
    bound = [f"{theirs} = F[{name!r}]" for theirs, name in names.items()]
    lines = [f"from {package}.chosen import F", "", *bound]
    return "\n".join(lines) + "\n"


def _report(accuracy: float | None) -> str:
    chosen = HYPERPARAMETERS
    lines = [
        "---",
        "loss: softmax cross-entropy, mean over the samples, plus L2",
        *([] if accuracy is None else [f"accuracy: {100 * accuracy:.1f} %"]),
        f"hidden_neurons: {chosen['hidden_size']:g}",
        f"batch_size: {chosen['batch_size']:g}",
        f"learning_rate: {chosen['learning_rate']:g}",
        "---",
    ]
    return "\n".join(lines) + "\n"
