"""What a step of a golden case asks of a module: a function, a class, or what an object has.

====================  =============================================================================
written               what is done
====================  =============================================================================
``affine_forward``    the function is called
``TwoLayerNet``       so is the class: the result is an object, which is kept inside
``Net.loss``          the method ``loss`` of the object that comes first among the arguments
``Net.params:get``    the object's attribute is read
``Net.params:set``    it, which must be there, is given the second argument; entries of a dict are
                      put into a dict that is there already, beside what else stands in it
``Net:keywords``      a call, too (of a method likewise), whose last argument is a dict of keyword
                      arguments
``Net:known``         the same, but of the dict those are given that it has parameters for: in some
                      years a course calls them otherwise
``f:value``           nothing is called: the first argument itself, to be held inside and given to
                      ``f``; or, of a dict that ``f`` may have changed, the entries that are named
                      in the second
====================  =============================================================================

A method is looked for on the object itself, so that an inherited one is found. What begins with an
underscore is out of reach.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_FORM: Final = re.compile(r"(\w+)(?:\.([A-Za-z]\w*))?(?::(get|set|keywords|known|value))?")
_MISSING: Final = object()


class NoMember(Exception):
    """An object has no such attribute or method."""


@dataclass(frozen=True)
class Target:
    """A step's function, taken apart."""

    owner: str
    """The name that a module binds: a function or a class."""
    member: str | None = None
    """The method or attribute of an object of that class."""
    doing: str = "call"
    """call, get, set, keywords, known or value."""

    @classmethod
    def of(cls, function: str) -> Target:
        """Take the written form apart.

        Raises:
            ValueError: it is none.
        """
        if function.isidentifier():
            return cls(function)
        found = _FORM.fullmatch(function)
        if found is None:
            raise ValueError(f"{function!r} names no function, method or attribute")
        owner, member, doing = found.groups()
        if doing in ("get", "set") and member is None:
            raise ValueError(f"{function!r} names no attribute")
        return cls(owner, member, doing or "call")

    @property
    def name(self) -> str:
        """What it is called in messages: ``Net.params``."""
        return self.owner if self.member is None else f"{self.owner}.{self.member}"


def reached(names: Mapping[str, Any], function: str) -> Any:
    """What to call with a step's arguments.

    Args:
        names: what the module binds.
        function: as it is written in the step.

    Returns:
        A callable, for a plain name whatever is bound to it. Those for members raise NoMember.

    Raises:
        KeyError: the module does not bind the name.
    """
    if "." not in function and ":" not in function:
        return names[function]
    target = Target.of(function)
    owner = names[target.owner]
    member = target.member
    if target.doing == "value":
        return _value
    if target.doing == "set":
        return lambda held, value: _set(held, str(member), value)
    if target.doing == "get":
        return lambda held: _member(held, str(member))
    called = owner if member is None else _method(member)
    return called if target.doing == "call" else _with_keywords(called, target.doing == "known")


def _value(held: Any, entries: Sequence[str] | None = None) -> Any:
    return held if entries is None else {name: held[name] for name in entries if name in held}


def _method(name: str) -> Callable[..., Any]:
    def call(held: Any, *args: Any, **keywords: Any) -> Any:
        method = _member(held, name)
        if not callable(method):
            raise NoMember(name)
        return method(*args, **keywords)

    return call


def _with_keywords(called: Any, known: bool) -> Any:
    if not callable(called):
        return called
    chosen = _known_to if known else _all_of
    return lambda *args: called(*args[:-1], **chosen(called, args[-1]))


def _all_of(_called: Any, keywords: Mapping[str, Any]) -> Mapping[str, Any]:
    return keywords


def _known_to(called: Any, keywords: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        parameters = inspect.signature(called).parameters
    except (TypeError, ValueError):  # it tells nothing of itself
        return keywords
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()):
        return keywords
    return {
        name: _like(parameters[name].default, value)
        for name, value in keywords.items()
        if name in parameters
    }


def _like(usual: Any, value: Any) -> Any:
    """A list as a tuple where the default is one: (3, 32, 32)."""
    return tuple(value) if isinstance(usual, tuple) and isinstance(value, list) else value


def _member(held: Any, name: str) -> Any:
    value = getattr(held, name, _MISSING)
    if value is _MISSING:
        raise NoMember(name)
    return value


def _set(held: Any, name: str, value: Any) -> None:
    present = _member(held, name)  # what no method looks for need not be there
    if isinstance(value, Mapping) and isinstance(present, MutableMapping):
        present.update(value)
    else:
        setattr(held, name, value)
