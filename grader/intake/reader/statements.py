"""One statement at the top level of a notebook's cell, and what it needs and gives."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from grader.intake.reader.cells import CodeCell


@dataclass(frozen=True)
class Line:
    """A line of a generated module and where it came from."""

    text: str
    cell: int
    line: int


class Role(Enum):
    """What a statement at the top level does."""

    IMPORT = auto()
    DEFINITION = auto()
    VALUE = auto()
    OTHER = auto()


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement at the top level of a cell."""

    node: ast.stmt
    role: Role
    cell: int
    position: tuple[int, int, int]
    """(cell, line, column): the order of the document."""
    source: tuple[str, ...]
    """Its lines."""
    binds: frozenset[str]
    uses: frozenset[str]
    """All names read anywhere in it."""
    needs_now: frozenset[str]
    """The names read when it is executed, as opposed to when a function in it is called."""
    rewritten: str | None = field(default=None)
    """For an import that was cut down to the names that are used."""

    @property
    def name(self) -> str:
        """The name of a function or class."""
        return str(getattr(self.node, "name", ""))

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_future(self) -> bool:
        """Whether it must be the module's first statement."""
        return isinstance(self.node, ast.ImportFrom) and self.node.module == "__future__"

    @property
    def is_capital(self) -> bool:
        """Whether it assigns a name in capitals, a constant by convention."""
        return any(name.isupper() for name in self.binds)

    @property
    def is_attribute(self) -> bool:
        """Whether it sets an attribute or an item: ``Net.loss = loss``."""
        targets = assigned_targets(self.node)
        return any(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)

    @property
    def is_function_like(self) -> bool:
        """Whether it gives a name to a function: ``relu = lambda x: ...``, ``loss = fast_loss``."""
        value = assigned_value(self.node)
        return isinstance(value, ast.Lambda | ast.Name)

    def lines(self) -> Iterator[Line]:
        """Its lines in the generated module."""
        if self.rewritten is not None:
            yield Line(self.rewritten, self.cell, self.position[1])
            return
        for number, text in enumerate(self.source, start=self.position[1]):
            yield Line(text, self.cell, number)

    def only_names(self, used: Iterable[str]) -> Statement | None:
        """An import without the names that nothing uses; None when no name remains."""
        node = self.node
        if self.is_future or not isinstance(node, ast.Import | ast.ImportFrom):
            return self if self.is_future or self.binds & set(used) else None
        kept = [a for a in node.names if a.name == "*" or imported_name(a) in set(used)]
        if not kept:
            return None
        if len(kept) == len(node.names):
            return self
        smaller = (
            ast.Import(names=kept)
            if isinstance(node, ast.Import)
            else ast.ImportFrom(module=node.module, names=kept, level=node.level)
        )
        binds = frozenset(imported_name(alias) for alias in kept)
        return replace(self, rewritten=ast.unparse(smaller), binds=binds)


def statements(cell: CodeCell) -> list[Statement]:
    """The statements at the top level of a cell.

    Raises:
        RecursionError: the code is nested too deeply.
    """
    return [_statement(cell, node) for node in cell.tree.body]


def _statement(cell: CodeCell, node: ast.stmt) -> Statement:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    return Statement(
        node=node,
        role=_role(node),
        cell=cell.number,
        position=(cell.number, first, node.col_offset),
        source=tuple(_source(cell, node, first)),
        binds=frozenset(bound_names(node)),
        uses=frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name)),
        needs_now=frozenset(_needed_now(node)),
    )


def _source(cell: CodeCell, node: ast.stmt, first: int) -> list[str]:
    """The statement's own lines; with ``a = 1; b = 2`` only its part of the line."""
    last = node.end_lineno or first
    lines = list(cell.lines[first - 1 : last])
    if node.end_col_offset is not None:
        rest = lines[-1].encode()[node.end_col_offset :].decode(errors="replace")
        if rest.strip() and not rest.lstrip().startswith("#"):
            lines[-1] = lines[-1].encode()[: node.end_col_offset].decode(errors="replace")
    if first == node.lineno:
        # Its end was cut first: the offsets are those of the whole line.
        lines[0] = lines[0].encode()[node.col_offset :].decode(errors="replace")
    return lines


def _role(node: ast.stmt) -> Role:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return Role.IMPORT
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return Role.DEFINITION
    if isinstance(node, ast.Assign | ast.AnnAssign) and assigned_value(node) is not None:
        return Role.VALUE
    if isinstance(node, ast.Try) and _only_imports(node):
        return Role.IMPORT
    return Role.OTHER


def _only_imports(node: ast.Try) -> bool:
    """``try: import x`` / ``except ImportError: x = None``."""
    handlers = [statement for handler in node.handlers for statement in handler.body]
    return (
        all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in node.body)
        and all(
            isinstance(s, ast.Import | ast.ImportFrom | ast.Pass)
            or (isinstance(s, ast.Assign) and isinstance(s.value, ast.Constant))
            for s in handlers
        )
        and not (node.orelse or node.finalbody)
    )


def assigned_targets(node: ast.stmt) -> list[ast.expr]:
    """What an assignment assigns to."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign) else []


def assigned_value(node: ast.stmt) -> ast.expr | None:
    """What an assignment assigns."""
    return node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None


def imported_name(alias: ast.alias) -> str:
    """The name that an import binds: ``np``, or ``os`` for ``import os.path``."""
    return alias.asname or alias.name.partition(".")[0]


def bound_names(node: ast.stmt) -> set[str]:
    """The names that a statement at the top level gives a value."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    names: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Import | ast.ImportFrom):
            names |= {imported_name(alias) for alias in part.names}
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            names.add(part.id)
    for target in assigned_targets(node):
        root = target
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if isinstance(root, ast.Name):
            names.add(root.id)
    return names


def _needed_now(node: ast.AST) -> Iterator[str]:
    """Names read when the node is executed: not those in the bodies of its functions."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        children = [*node.decorator_list, node.args, *([node.returns] if node.returns else [])]
    elif isinstance(node, ast.Lambda):
        children = [node.args]
    for child in children:
        yield from _needed_now(child)
