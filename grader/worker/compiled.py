"""A source file's syntax tree and code, made once for inspection and for loading."""

from __future__ import annotations

import ast
import types
from collections.abc import Sequence
from dataclasses import dataclass

from .imports import guarded_lines


@dataclass(frozen=True)
class Compiled:
    """What loading a file needs of it."""

    text: str
    """What it was made of."""
    guarded: frozenset[int]
    """Lines of imports that stand in a ``try`` which catches their failure."""
    code: types.CodeType


def compiled(path: str, text: str) -> tuple[ast.Module, Sequence[ast.AST], Compiled]:
    """A file's syntax tree, all nodes of that, and what loading the file needs.

    Raises:
        SyntaxError: it is no Python. Some errors, such as a return outside a function, are found
            only by the compiler.
        ValueError: it holds a NUL character, before Python 3.12.
        RecursionError, MemoryError: the parser cannot cope with it.
    """
    tree = ast.parse(text, path)
    code = compile(tree, path, "exec", dont_inherit=True)
    nodes = _nodes(tree)
    return tree, nodes, Compiled(text, guarded_lines(nodes), code)


def _nodes(tree: ast.AST) -> list[ast.AST]:
    """What ast.walk gives, in that order and in a third of the time."""
    found: list[ast.AST] = [tree]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif type(value) is list:
                found += [item for item in value if isinstance(item, ast.AST)]
    return found
