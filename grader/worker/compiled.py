"""A source file's syntax tree and code, made once for inspection and for loading."""

from __future__ import annotations

import ast
import types
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


def compiled(path: str, text: str) -> tuple[ast.Module, Compiled]:
    """A file's syntax tree, and what loading it needs.

    Raises:
        SyntaxError: it is no Python. Some errors, such as a return outside a function, are found
            only by the compiler.
        ValueError: it holds a NUL character, before Python 3.12.
        RecursionError, MemoryError: the parser cannot cope with it.
    """
    tree = ast.parse(text, path)
    code = compile(tree, path, "exec", dont_inherit=True)
    return tree, Compiled(text, guarded_lines(tree), code)
