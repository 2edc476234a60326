"""Which assignments only name a value, and so may be executed without running the notebook.

The list is about usefulness, not safety: a generated module is imported behind the wall like any
other code of the student. Executing too much would train, read files that are not there, and
fail; executing too little would lose a constant.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from grader.intake.reader.statements import (
    Statement,
    assigned_targets,
    assigned_value,
    imported_name,
)

_BUILTIN_CALLS = {
    *("abs", "bool", "complex", "dict", "enumerate", "float", "frozenset", "int", "len", "list"),
    *("max", "min", "object", "pow", "range", "reversed", "round", "set", "slice", "sorted", "str"),
    *("sum", "tuple", "zip"),
}
_BUILTIN_NAMES = _BUILTIN_CALLS | {"None", "True", "False", "Ellipsis", "Exception", "ValueError"}
_METHODS = {"astype", "copy", "format", "items", "join", "keys", "lower", "reshape", "split"} | {
    *("strip", "upper", "values"),
}
_WHOLE_MODULES = ("math.", "fractions.", "decimal.", "typing.", "operator.")
_CALLS = {
    *("collections.OrderedDict", "collections.defaultdict", "collections.deque"),
    *("collections.namedtuple", "functools.partial", "pathlib.Path", "random.Random"),
    *("types.SimpleNamespace", "logging.getLogger", "dataclasses.field", "enum.Enum"),
    *(
        f"numpy.{name}"
        for name in (
            *("arange", "array", "asarray", "dtype", "empty", "exp", "eye", "finfo", "float32"),
            *("float64", "full", "identity", "int32", "int64", "linspace", "log", "log2"),
            *("logspace", "ones", "sqrt", "zeros", "random.RandomState", "random.SeedSequence"),
            *("random.default_rng", "random.rand", "random.randn", "random.normal"),
        )
    ),
}


@dataclass(frozen=True)
class Known:
    """The names that an assignment may use."""

    names: frozenset[str]
    aliases: dict[str, str]
    """What an imported name stands for: np -> numpy."""
    classes: frozenset[str] = frozenset()
    """The notebook's own classes, which may be instantiated."""

    @classmethod
    def from_imports(cls, nodes: Iterable[ast.stmt]) -> Known:
        """The names that import statements bind."""
        aliases: dict[str, str] = {}
        for node in (part for statement in nodes for part in ast.walk(statement)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    meaning = alias.name if alias.asname else alias.name.partition(".")[0]
                    aliases[imported_name(alias)] = meaning
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    aliases[imported_name(alias)] = f"{node.module or ''}.{alias.name}"
        return cls(frozenset(aliases) | _BUILTIN_NAMES, aliases)

    def plus(self, names: Iterable[str], classes: Iterable[str] = ()) -> Known:
        """These names, too."""
        return Known(self.names | set(names), self.aliases, self.classes | set(classes))


def is_literal(statement: Statement) -> bool:
    """Whether it assigns a number, a string, or a container of such to a plain name."""
    value = assigned_value(statement.node)
    if value is None or statement.is_attribute:
        return False
    allowed = (ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.USub)
    return all(isinstance(part, (*allowed, ast.expr_context)) for part in ast.walk(value))


def is_harmless(statement: Statement, known: Known) -> bool:
    """Whether the assignment uses nothing but ``known`` names and harmless constructors."""
    value = assigned_value(statement.node)
    if value is None or not _harmless(value, known):
        return False
    return all(_harmless_target(target, known) for target in assigned_targets(statement.node))


def _harmless_target(target: ast.expr, known: Known) -> bool:
    if isinstance(target, ast.Name):
        return True
    if isinstance(target, ast.Tuple | ast.List):
        return all(_harmless_target(part, known) for part in target.elts)
    if isinstance(target, ast.Attribute | ast.Subscript):
        # ``Net.loss = loss``, ``HYPERPARAMETERS["epochs"] = 200``; never ``np.float = float``.
        root: ast.expr = target
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        imported = isinstance(root, ast.Name) and root.id in known.aliases
        return not imported and _harmless(target, known)
    return False


def _harmless(node: ast.AST, known: Known) -> bool:
    match node:
        case ast.Constant() | ast.Lambda():
            return True
        case ast.Name(id=name):
            return name in known.names
        case ast.Call():
            return _harmless_call(node, known)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            targets = {
                n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)
            }
            known = known.plus(targets)
        case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
            return False
    return all(_harmless(child, known) for child in ast.iter_child_nodes(node))


def _harmless_call(node: ast.Call, known: Known) -> bool:
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    if not all(_harmless(argument, known) for argument in arguments):
        return False
    meaning = _meaning(node.func, known)
    if meaning is not None:
        return (
            meaning in _CALLS
            or meaning.startswith(_WHOLE_MODULES)
            or meaning in known.classes
            or (meaning in _BUILTIN_CALLS and meaning not in known.aliases)
        )
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in _METHODS
        and _harmless(node.func.value, known)
    )


def _meaning(function: ast.expr, known: Known) -> str | None:
    """The dotted name a call means (``np.zeros`` -> numpy.zeros); None for methods of values."""
    parts: list[str] = []
    while isinstance(function, ast.Attribute):
        parts.append(function.attr)
        function = function.value
    if not isinstance(function, ast.Name):
        return None
    root = known.aliases.get(function.id)
    if root is None:
        return function.id if not parts else None
    return ".".join([root, *reversed(parts)])
