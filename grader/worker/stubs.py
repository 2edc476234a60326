"""Which functions are still as they were handed out.

Two kinds: a *stub* does nothing at all, and is not even called. A *skeleton* is what courses such
as CS231n hand out: it takes its arguments apart, has ``pass`` where the work is to be done, and
returns None or zeros. Whether it is one only matters for what is said of a wrong answer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

# What skeletons call around the place where the work is to be done.
_CALLED: Final = frozenset(
    (
        "append", "astype", "copy", "empty", "format", "get", "items", "len", "ones", "pop",
        "print", "range", "seed", "setdefault", "sorted", "super", "xrange", "zeros", "zeros_like",
    )
)  # fmt: skip


def is_stub(body: Sequence[ast.stmt]) -> bool:
    """Whether a function's body is nothing but a docstring, pass, ... or NotImplementedError."""
    for statement in body:
        if isinstance(statement, ast.Pass):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if isinstance(statement, ast.Raise) and _names_not_implemented(statement.exc):
            continue
        return False
    return True


def _names_not_implemented(raised: ast.expr | None) -> bool:
    called = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(called, ast.Name) and called.id == "NotImplementedError"


def is_skeleton(body: Sequence[ast.stmt]) -> bool:
    """Whether there is a ``pass`` and nothing is computed: no arithmetic, no call that could."""
    left_out = False
    for node in _inside(body):
        left_out = left_out or isinstance(node, ast.Pass)
        if isinstance(node, ast.BinOp | ast.AugAssign | ast.Lambda | ast.While):
            return False
        if isinstance(node, ast.Compare) and not _is_a_choice(node):
            return False
        if isinstance(node, ast.Call) and _name(node.func) not in _CALLED:
            return False
    return left_out


def _inside(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes but those of what is raised, which may be put together anyhow."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Raise):
            continue
        yield node
        if isinstance(node, ast.Dict):  # {"stride": 1, "pad": (size - 1) // 2}
            todo += [value for value in node.values if not _is_a_size(value)]
            continue
        todo += ast.iter_child_nodes(node)


def _is_a_size(value: ast.expr) -> bool:
    """Whether a number is made of others, by a division, and of nothing else."""
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Div | ast.FloorDiv):
        return False
    made_of = ast.BinOp | ast.Name | ast.Constant | ast.operator | ast.expr_context
    return all(isinstance(node, made_of) for node in ast.walk(value))


def _is_a_choice(node: ast.Compare) -> bool:
    """``mode == "train"``, ``y is None``, ``"seed" in param``: not ``x > 0``."""
    sides = [node.left, *node.comparators]
    words = [s.value for s in sides if isinstance(s, ast.Constant)]
    text = any(word is None or isinstance(word, str) for word in words)
    return text and all(isinstance(op, ast.Eq | ast.Is | ast.IsNot | ast.In) for op in node.ops)


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
