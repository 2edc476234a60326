"""Facts of the student's sources, from their syntax trees. Runs no student code.

Done inside the wall all the same: a hostile source can make Python's parser fail in any way.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from .compiled import Compiled, compiled
from .older import old_names
from .rules import ImportRules
from .stubs import is_skeleton, is_stub
from .wire import Value

_PYTHON_2: Final = re.compile(
    r"^[ \t]*(print\s+[^(\s=]|exec\s+['\"]|raise\s+\w+\s*,|except\s+\w+\s*,\s*\w+\s*:)"
    r"|^[^#'\"\n]{0,200}\w[ \t]?<>[ \t]?\w",
    re.MULTILINE,
)
_MOST: Final = 500
"""Of each kind of fact; no honest file comes near it."""
_LONGEST_CONSTANT: Final = 400


def inspect_source(
    path: str,
    sources: Mapping[str, str],
    rules: ImportRules,
    kept: MutableMapping[str, Compiled] | None = None,
) -> dict[str, Value]:
    """The facts of one source file.

    Args:
        path: which one.
        sources: all of them, to know which imports are the student's own files.
        rules: what may be imported.
        kept: where to put what loading the file needs, not to parse it twice.

    Returns:
        ``functions`` and ``classes`` (name, line, ...), ``definitions`` (names of all
        functions), ``imports``, ``names`` bound at the top level, ``star`` (the modules of star
        imports), ``literals``, ``constants``, ``old`` names (see older.py); or ``error`` when there
        is no syntax tree.
    """
    text = sources[path]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree, nodes, made = compiled(path, text)
            if kept is not None:
                kept[path] = made
            facts = _facts(tree, nodes)
            imports = _imports(nodes, path, sources, rules, made.guarded)
            old: list[Value] = [list(use) for use in old_names(text, nodes)]
            return {**facts, "imports": imports, "old": old}
    except SyntaxError as error:
        line, message, near = error.lineno, error.msg, (error.text or "")[:200]
        return {"error": _error("syntax", message, line, near, _is_python_2(text))}
    except ValueError as error:  # a NUL character, before Python 3.12
        return {"error": _error("syntax", str(error), None, "", False)}
    except (RecursionError, MemoryError) as error:
        return {"error": _error("too deep", type(error).__name__, None, "", False)}


def _error(kind: str, message: str, line: int | None, text: str, python2: bool) -> Value:
    return {"kind": kind, "message": message, "line": line, "text": text, "python2": python2}


def _is_python_2(text: str) -> bool:
    return _PYTHON_2.search(text) is not None


def _facts(tree: ast.Module, nodes: Sequence[ast.AST]) -> dict[str, Value]:
    functions: list[Value] = []
    classes: list[Value] = []
    names: dict[str, Value] = {}
    star: list[Value] = []
    for statement in top_level(tree.body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            functions.append(_function(statement, statement.name))
        elif isinstance(statement, ast.ClassDef):
            methods = _methods(statement)
            classes.append(
                {"name": statement.name, "line": statement.lineno, "methods": methods[:_MOST]}
            )
        elif isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            star.append(statement.module or "")
        for name in _bound(statement):
            names[name] = statement.lineno
    return {
        "functions": functions[:_MOST],
        "classes": classes[:_MOST],
        "definitions": [*sorted(_definitions(nodes))[: 4 * _MOST]],
        "names": dict(list(names.items())[: 4 * _MOST]),
        "star": star[:_MOST],
        "literals": _literals(nodes),
        "constants": _constants(tree.body),
    }


def top_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements executed on import, those within if, try, with and loops included.

    What stands under ``if __name__ == "__main__"`` is not.
    """
    for statement in body:
        if isinstance(statement, ast.If) and _is_main_guard(statement.test):
            yield from top_level(statement.orelse)
            continue
        yield statement
        if isinstance(statement, ast.If | ast.For | ast.While | ast.With | ast.Try):
            for inner in ("body", "orelse", "finalbody"):
                yield from top_level(getattr(statement, inner, []))
            for handler in getattr(statement, "handlers", []):
                yield from top_level(handler.body)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> dict[str, Value]:
    stub, skeleton = is_stub(node.body), is_skeleton(node.body)
    return {"name": name, "line": node.lineno, "stub": stub, "skeleton": skeleton}


def _methods(node: ast.ClassDef) -> list[Value]:
    return [
        _function(inner, f"{node.name}.{inner.name}")
        for inner in node.body
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _definitions(nodes: Sequence[ast.AST]) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in nodes if isinstance(node, kinds)}


def _is_main_guard(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and any(isinstance(n, ast.Name) and n.id == "__name__" for n in ast.walk(test))
        and any(isinstance(n, ast.Constant) and n.value == "__main__" for n in ast.walk(test))
    )


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    yield node.id


def _imports(
    nodes: Sequence[ast.AST],
    path: str,
    sources: Mapping[str, str],
    rules: ImportRules,
    guarded: frozenset[int],
) -> list[Value]:
    found: list[Value] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            modules = [(alias.name, 0) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [(node.module or "", node.level)]
        else:
            continue
        for module, level in modules:
            own = level > 0 or rules.provides(module) or _is_own(module, path, sources)
            verdict = "own" if own else rules.verdict(module)
            if verdict == "missing" and _lies_elsewhere(module, path, sources):
                verdict = "own"
            found.append(
                {
                    "module": "." * level + module,
                    "line": node.lineno,
                    "verdict": verdict,
                    "guarded": node.lineno in guarded,
                }
            )
    return found[:_MOST]


def _is_own(module: str, path: str, sources: Mapping[str, str]) -> bool:
    top = module.partition(".")[0]
    parent = str(PurePosixPath(path).parent)
    prefixes = {"" if parent == "." else f"{parent}/", ""}
    return any(
        source == f"{prefix}{top}.py" or source.startswith(f"{prefix}{top}/")
        for prefix in prefixes
        for source in sources
    )


def _lies_elsewhere(module: str, path: str, sources: Mapping[str, str]) -> bool:
    """Whether one file of that name lies in some folder, where an import finds it."""
    name = f"{module.rpartition('.')[2]}.py"
    found = [source for source in sources if PurePosixPath(source).name == name]
    return len(found) == 1 and found != [path]


def _literals(nodes: Sequence[ast.AST]) -> dict[str, Value]:
    """How much data stands in the source: numbers in displays, and the longest text."""
    numbers = largest = largest_line = longest = longest_line = 0
    displays = (ast.List, ast.Tuple, ast.Set, ast.Dict)  # a union would be made for each node
    for node in nodes:
        if isinstance(node, displays):
            elements = node.values if isinstance(node, ast.Dict) else node.elts
            count = sum(map(_is_number, elements))
            numbers += count
            if count > largest:
                largest, largest_line = count, node.lineno
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str | bytes)
            and len(node.value) > longest
        ):
            longest, longest_line = len(node.value), node.lineno
    return {
        "numbers": numbers,
        "largest": largest,
        "largest_line": largest_line,
        "longest_text": longest,
        "longest_text_line": longest_line,
    }


def _is_number(node: ast.expr | None) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float | complex)


def _constants(body: Sequence[ast.stmt]) -> dict[str, Value]:
    """Module-level names that are bound to a literal: NAME = 0.1, NAME = {"a": 1}."""
    constants: dict[str, Value] = {}
    for statement in body:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        if not isinstance(target, ast.Name) or len(constants) >= _MOST:
            continue
        value = _literal(statement.value)
        if value is not None:
            constants[target.id] = value
    return constants


def _literal(node: ast.expr) -> Any:
    if sum(1 for _ in zip(ast.walk(node), range(_LONGEST_CONSTANT), strict=False)) >= (
        _LONGEST_CONSTANT
    ):
        return None
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return None
    return None if isinstance(value, bytes | set) else value
