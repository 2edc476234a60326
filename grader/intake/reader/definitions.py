"""What a notebook defines, put in an order in which it can be imported.

A notebook is a record of work: it trains, plots, reads files, and its cells may have been run in
another order than they stand in. The functions in it must be usable without any of that. So the
generated module keeps

1. imports, those that something kept uses (a plotting import used only by plots is left out);
2. assignments that only name a value: literals; and, where a kept function needs them or the
   name is in capitals, expressions of such names, of functions, and of harmless constructors
   (grader/intake/reader/harmless.py); and other names for functions (``loss = fast_loss``);
3. functions and classes; of several with one name the last, as if the cells ran downwards.

Everything else at the top level is left out: expressions, loops, conditions, file reading,
training runs, and whatever is computed from them. A name that a kept function needs but that only
such code computes is reported, because the function will fail without it.

What is kept stands in this order, except that a line comes after what it needs at import (a base
class, a default value, a decorator), wherever the notebook has that.
"""

from __future__ import annotations

import ast
import heapq
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from grader.intake.reader.cells import CodeCell
from grader.intake.reader.harmless import Known, is_harmless, is_literal
from grader.intake.reader.statements import Line, Role, Statement, statements


def definitions(cells: Sequence[CodeCell]) -> tuple[list[Line], list[str]]:
    """The lines of the generated module, and notes on what is missing from it."""
    notes: list[str] = []
    everything: list[Statement] = []
    for cell in cells:
        try:
            everything += statements(cell)
        except RecursionError:
            notes.append(f"cell {cell.number} is too deeply nested to be read; it was left out")
    usable = [s for s in everything if _compiles(s, notes)]
    kept_definitions = _last_definitions(usable)
    kept_values = _values(usable, kept_definitions)
    body = _ordered([*kept_values, *kept_definitions])
    imports = _imports(usable, body)
    lines = [line for statement in (*imports, *body) for line in statement.lines()]
    notes += _missing(lines, everything, imports, body)
    return lines, notes


def _compiles(statement: Statement, notes: list[str]) -> bool:
    if statement.role is Role.OTHER:
        return True
    try:
        compile(ast.Module([statement.node], []), "<cell>", "exec", dont_inherit=True)
    except SyntaxError as error:
        notes.append(
            f"cell {statement.cell}, line {error.lineno}: syntax error: {error.msg};"
            " this part of the cell was left out"
        )
        return False
    except (ValueError, RecursionError, MemoryError):
        notes.append(f"cell {statement.cell} is too deeply nested; a part of it was left out")
        return False
    return True


def _last_definitions(usable: Iterable[Statement]) -> list[Statement]:
    last = {s.name: s for s in usable if s.role is Role.DEFINITION}
    return sorted(last.values(), key=lambda s: s.position)


def _values(usable: Sequence[Statement], kept: Sequence[Statement]) -> list[Statement]:
    """The assignments to keep: harmless, and needed unless they are literals."""
    defined = {s.name: s for s in kept}
    imported = Known.from_imports(s.node for s in usable if s.role is Role.IMPORT)
    candidates = [
        s for s in usable if s.role is Role.VALUE and not _overwrites_function(s, defined)
    ]
    harmless: dict[int, Statement] = {}
    known = imported.plus(defined, classes=[s.name for s in kept if s.is_class])
    # Cells may stand in any order: repeat until no further assignment becomes usable.
    found = True
    while found:
        found = False
        for statement in candidates:
            if id(statement) in harmless or not is_harmless(statement, known):
                continue
            harmless[id(statement)] = statement
            known = known.plus(statement.binds)
            found = True
    needed = set().union(*(s.uses for s in kept)) if kept else set()
    chosen: dict[int, Statement] = {}
    waiting = list(harmless.values())
    found = True
    while found:
        found = False
        for statement in waiting:
            if id(statement) in chosen:
                continue
            wanted = (
                is_literal(statement)
                or statement.is_capital
                or statement.is_function_like
                or (statement.is_attribute and statement.binds & defined.keys())
                or statement.binds & needed
            )
            if wanted:
                chosen[id(statement)] = statement
                needed |= statement.uses
                found = True
    return sorted(chosen.values(), key=lambda s: s.position)


def _overwrites_function(statement: Statement, defined: dict[str, Statement]) -> bool:
    """Whether an assignment would hide a function: ``loss = 0.0`` before a training loop."""
    hidden = [defined[name] for name in statement.binds if name in defined]
    if not hidden or statement.is_attribute:
        return False
    later = all(statement.position > function.position for function in hidden)
    return not (later and statement.is_function_like)


def _imports(usable: Iterable[Statement], body: Sequence[Statement]) -> list[Statement]:
    used = set().union(*(s.uses for s in body)) if body else set()
    kept = [
        part for s in usable if s.role is Role.IMPORT and (part := s.only_names(used)) is not None
    ]
    return sorted(kept, key=lambda s: (not s.is_future, s.position))


def _ordered(items: Sequence[Statement]) -> list[Statement]:
    """Values first, then functions, but everything after what it needs when it is executed."""
    binders: dict[str, list[int]] = {}
    for index, item in enumerate(items):
        for name in item.binds:
            binders.setdefault(name, []).append(index)
    before: list[set[int]] = [set() for _ in items]
    for index, item in enumerate(items):
        for name in item.needs_now:
            others = [i for i in binders.get(name, []) if i != index]
            earlier = [i for i in others if items[i].position < item.position]
            if others:
                before[index].add(max(earlier or others, key=lambda i: items[i].position))
    for group in binders.values():
        group.sort(key=lambda i: items[i].position)
        for first, second in pairwise(group):
            before[second].add(first)
    return [items[index] for index in _topological(before)]


def _topological(before: Sequence[set[int]]) -> list[int]:
    """Indices in ascending order as far as ``before`` allows; members of circles come last."""
    after: dict[int, list[int]] = {}
    missing = [len(needs) for needs in before]
    for index, needs in enumerate(before):
        for need in needs:
            after.setdefault(need, []).append(index)
    ready = [index for index, count in enumerate(missing) if count == 0]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        index = heapq.heappop(ready)
        order.append(index)
        for other in after.get(index, []):
            missing[other] -= 1
            if missing[other] == 0:
                heapq.heappush(ready, other)
    return order + sorted(set(range(len(before))) - set(order))


@dataclass(frozen=True)
class _Unmet:
    function: str
    name: str


def _missing(
    lines: Sequence[Line],
    everything: Iterable[Statement],
    imports: Iterable[Statement],
    body: Iterable[Statement],
) -> list[str]:
    """Which names the kept functions need that only code at the top level computes."""
    kept = set().union(*(s.binds for s in (*imports, *body)), set())
    source = {name: s.cell for s in everything for name in s.binds if name not in kept}
    try:
        table = symtable.symtable("\n".join(line.text for line in lines), "<notebook>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return []
    unmet = list(dict.fromkeys(u for u in _globals(table, "") if u.name in source))
    return [
        f"{u.function}() needs {u.name}, which only cell {source[u.name]} computes, outside any"
        " function; such code is not run: compute it in the function or pass it as an argument"
        for u in unmet
    ]


def _globals(table: symtable.SymbolTable, function: str) -> Iterable[_Unmet]:
    for child in table.get_children():
        name = child.get_name() if not function else f"{function}.{child.get_name()}"
        if child.get_type() == "function":
            for symbol in child.get_symbols():
                if symbol.is_global() and symbol.is_referenced() and not symbol.is_assigned():
                    yield _Unmet(name, symbol.get_name())
        yield from _globals(child, name)
