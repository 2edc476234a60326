"""A computation as a sheet of named formulas, any of which can be replaced.

``Sheet(formulas, given).loss`` computes ``loss`` by its formula, which reads other quantities of
the same sheet, which are computed in turn: each once, and only when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Formula: TypeAlias = Callable[["Sheet"], Any]
Formulas: TypeAlias = Mapping[str, Formula]
Function: TypeAlias = Callable[..., Any]
"""A function as students write it."""


class Sheet:
    """Named quantities: some are given, the others follow by formulas.

    Args:
        formulas: how to compute a quantity from the others.
        given: quantities that are known; they override a formula of the same name.
    """

    def __init__(self, formulas: Formulas, given: Mapping[str, Any]) -> None:
        self.__dict__.update(given)
        self._formulas = formulas

    def __getattr__(self, name: str) -> Any:  # only for what is not computed yet
        formula = self.__dict__["_formulas"].get(name)
        if formula is None:
            raise AttributeError(f"no formula for {name!r}")
        value = formula(self)
        self.__dict__[name] = value
        return value


@dataclass(frozen=True)
class Signature:
    """How one of the students' functions is read off a sheet.

    Args:
        given: the function's arguments -> the sheet's given quantities.
        returns: the sheet -> what the function returns.
    """

    given: Callable[..., dict[str, Any]]
    returns: Formula


@dataclass(frozen=True)
class Family:
    """Functions that are read off one table of formulas."""

    name: str
    formulas: Formulas
    signatures: Mapping[str, Signature]

    def functions(
        self, changes: Formulas | None = None, changed: Collection[str] | None = None
    ) -> dict[str, Function]:
        """The family's functions, with some formulas replaced.

        Args:
            changes: the formulas to replace; none for the functions as they should be.
            changed: the functions in which they are replaced; None for all.
        """
        mixed = {**self.formulas, **(changes or {})}
        return {
            name: _function(
                signature, mixed if changed is None or name in changed else self.formulas
            )
            for name, signature in self.signatures.items()
        }

    def function(self, name: str, changes: Formulas) -> Function:
        """One of the family's functions, with some formulas replaced."""
        return _function(self.signatures[name], {**self.formulas, **changes})


def _function(signature: Signature, formulas: Formulas) -> Function:
    return lambda *args: signature.returns(Sheet(formulas, signature.given(*args)))
