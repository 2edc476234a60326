"""Gives student code back what newer versions of NumPy and Python have taken away.

A right solution is right in whatever year it was written, and which versions are installed where
it is marked is nobody's mathematics. So ``np.product``, ``np.float`` or ``xrange`` mean here what
they meant; the student is told what to write instead, and nothing is deducted. What can only be
given back by another interpreter (the print statement, mixed tabs, the number that was made of an
array of one element) stays an error, with a hint (grader/student/hints.py).
"""

from __future__ import annotations

import ast
import functools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

NUMPY: Final[Mapping[str, str]] = {
    "float": "float", "int": "int", "object": "object", "complex": "complex", "str": "str",
    "float_": "np.float64", "complex_": "np.complex128", "unicode_": "np.str_",
    "string_": "np.bytes_", "NaN": "np.nan", "NAN": "np.nan", "Inf": "np.inf", "infty": "np.inf",
    "Infinity": "np.inf", "PINF": "np.inf", "NINF": "-np.inf", "product": "np.prod",
    "cumproduct": "np.cumprod", "sometrue": "np.any", "alltrue": "np.all", "round_": "np.round",
    "trapz": "np.trapezoid", "in1d": "np.isin", "msort": "np.sort(x, axis=0)",
    "asfarray": "np.asarray", "asscalar": "x.item()", "rank": "np.ndim", "mat": "np.asmatrix",
    "math": "the module math",
}  # fmt: skip
"""Name that NumPy had -> what to write now."""
PYTHON_2: Final[Mapping[str, str]] = {
    "xrange": "range", "unicode": "str", "long": "int", "basestring": "str", "unichr": "chr",
    "reduce": "functools.reduce",
}  # fmt: skip
"""Built-in name of Python 2 -> what to write now."""
NEWSHAPE: Final = "newshape"
"""The old name of an argument of np.reshape."""

# Looking at every node of a tree takes ten times as long as looking at the text.
_WORTH_A_LOOK: Final = re.compile(
    rf"\.(?:{'|'.join(NUMPY)})\b|\bfrom numpy import\b|\b(?:{'|'.join([*PYTHON_2, NEWSHAPE])})\b"
)
_INSTEAD: Final[Mapping[str, Any]] = {
    "float": float, "int": int, "object": object, "complex": complex, "str": str,
    "NINF": -np.inf, "math": math,
    "bool": bool,  # NumPy 2 has it again
    "trapz": getattr(np, "trapezoid", None),
    "in1d": lambda one, other, **options: np.isin(np.ravel(one), other, **options),
    "msort": lambda x: np.sort(x, axis=0),
    "asfarray": lambda x, dtype=np.float64: np.asarray(x, dtype),
    "asscalar": lambda x: x.item(),
}  # fmt: skip


def names() -> dict[str, Any]:
    """The built-in names of Python 2."""
    return {
        "xrange": range, "unicode": str, "long": int, "basestring": str, "unichr": chr,
        "reduce": functools.reduce,
    }  # fmt: skip


def helpers() -> dict[str, Any]:
    """What the packages that bridge the two Pythons have beside those: past, future, six."""
    return {
        **{kind.__name__: kind for kind in (range, zip, map, filter, str, int, object, dict, list)},
        "old_div": _old_division, "iteritems": lambda table: table.items(),
        "itervalues": lambda table: table.values(), "iterkeys": lambda table: table.keys(),
        "PY2": False, "PY3": True, "string_types": (str,), "integer_types": (int,), "input": input,
    }  # fmt: skip


def _old_division(one: Any, other: Any) -> Any:
    whole = isinstance(one, int | np.integer) and isinstance(other, int | np.integer)
    return one // other if whole else one / other


def install() -> None:
    """Have the module numpy know the old names, and np.reshape its old argument."""
    strict: Callable[[str], Any] = vars(np)["__getattr__"]

    def look(name: str) -> Any:
        if name in _INSTEAD:
            return _INSTEAD[name]
        if name in NUMPY:
            return getattr(np, NUMPY[name].removeprefix("np."))
        return strict(name)

    vars(np)["__getattr__"] = look
    reshape = np.reshape

    @functools.wraps(reshape)
    def lenient(a: Any, /, *args: Any, **options: Any) -> Any:
        if NEWSHAPE in options:
            options["shape"] = options.pop(NEWSHAPE)
        return reshape(a, *args, **options)

    vars(np)["reshape"] = lenient


def old_names(text: str, nodes: Sequence[ast.AST]) -> list[tuple[str, int]]:
    """The old names that a source uses, as in NUMPY and PYTHON_2, and the line of the first use.

    Args:
        text: the source.
        nodes: all of its syntax tree.
    """
    if not _WORTH_A_LOOK.search(text):
        return []
    first: dict[str, int] = {}
    for name, line in _uses(nodes):
        first[name] = min(line, first.get(name, line))
    return sorted(first.items(), key=lambda use: use[1])


def _uses(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, int]]:
    modules = {
        alias.asname or "numpy"
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "numpy"
    }
    bound = set(_bound(nodes))
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in NUMPY and node.value.id in modules:
                yield f"np.{node.attr}", node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
            yield from ((f"np.{a.name}", node.lineno) for a in node.names if a.name in NUMPY)
        elif isinstance(node, ast.Name) and node.id in PYTHON_2 and node.id not in bound:
            yield node.id, node.lineno
        elif isinstance(node, ast.keyword) and node.arg == NEWSHAPE:
            yield NEWSHAPE, node.value.lineno


def _bound(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Names that the source gives a meaning of its own, wherever."""
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def instead_of(name: str) -> str | None:
    """What to say about an old name; None for what is none."""
    if name == NEWSHAPE:
        return "NumPy 2 calls np.reshape's argument newshape shape; write np.reshape(x, shape)"
    if name in PYTHON_2:
        return f"{name} is Python 2; write {PYTHON_2[name]}"
    short = name.removeprefix("np.")
    return f"{name} was removed from NumPy; write {NUMPY[short]}" if short in NUMPY else None
