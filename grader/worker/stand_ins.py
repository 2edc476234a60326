"""Objects that take the place of modules student code imports but cannot have.

``Inert`` does nothing, whatever is asked of it: plotting changes no result. ``Progress`` is a
progress bar that only iterates. ``Refused`` stands for something forbidden or missing and raises
when it is used, so that only the functions that use it fail; while a module is being loaded it
lets itself be passed around, so that ``device = torch.device("cpu")`` at the top of a file does
not sink the file.
"""

from __future__ import annotations

import dis
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NoReturn

from . import older
from .rules import COMPATIBILITY

_UNPACK: Final = dis.opmap["UNPACK_SEQUENCE"]
_MODULE_NAMES: Final = frozenset(
    {"__path__", "__file__", "__spec__", "__loader__", "__all__", "__wrapped__"}
)


class RefusedImport(ModuleNotFoundError):
    """Student code used a module that it may not import, or that was not handed in."""


class Inert:
    """Does nothing; every attribute, item and result of it is inert again."""

    def __init__(self, name: str = "inert") -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        # Python and NumPy probe objects for their protocols; Inert has none of them.
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert(f"{self._name}.{name}")

    def __call__(self, *_args: object, **_kwargs: object) -> Inert:
        """Do nothing."""
        return Inert(self._name)

    def __getitem__(self, _key: object) -> Inert:
        return Inert(self._name)

    def __setitem__(self, _key: object, _value: object) -> None:
        pass

    def __iter__(self) -> Iterator[Inert]:
        """As many inert objects as the calling statement unpacks: ``fig, ax = plt.subplots()``."""
        return iter([Inert(self._name) for _ in range(_targets())])

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def __mro_entries__(self, _bases: object) -> tuple[type, ...]:
        """Lets a class derive from it."""
        return (object,)

    def _same(self, *_others: object) -> Inert:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _same
    __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __pow__ = __neg__ = __pos__ = _same

    def __len__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0

    def __int__(self) -> int:
        return 0

    def __str__(self) -> str:
        return ""

    def __repr__(self) -> str:
        return f"<{self._name}: does nothing while the code is graded>"


class Progress(Inert):
    """A progress bar around an iterable, that shows nothing."""

    def __init__(self, iterable: Iterable[Any] | None = None, *_args: Any, **_options: Any) -> None:
        super().__init__("tqdm")
        self._iterable: Iterable[Any] = () if iterable is None else iterable

    @staticmethod
    def write(*_args: object, **_options: object) -> None:
        """Print without breaking the bar; here, nothing."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self._iterable)

    def __len__(self) -> int:
        return len(self._iterable)  # type: ignore[arg-type]  # raises as the real one does

    def __bool__(self) -> bool:
        return True


class InertModule(types.ModuleType):
    """A module that does nothing."""

    def __init__(self, name: str, contents: dict[str, Any] | None = None) -> None:
        super().__init__(name)
        self.__dict__.update(__all__=[], __path__=[], _contents=contents or {}, **contents or {})

    def __getattr__(self, name: str) -> Any:
        if name in _MODULE_NAMES:
            raise AttributeError(name)
        below = f"{self.__name__}.{name}"
        contents = self.__dict__["_contents"]
        return InertModule(below, contents) if contents else Inert(below)

    def __call__(self, *_args: object, **_kwargs: object) -> Inert:
        """Do nothing."""
        return Inert(self.__name__)


class Refused:
    """Stands for something that may not be used; ``loading()`` says whether a module loads."""

    def __init__(self, name: str, message: str, loading: Callable[[], bool]) -> None:
        self.__dict__.update(_name=name, _message=message, _loading=loading)

    def _use(self) -> Refused:
        if not self._loading():
            raise RefusedImport(self._message)
        return self

    def child(self, name: str) -> Refused:
        """What stands for one of its attributes."""
        return Refused(f"{self._name}.{name}", self._message, self._loading)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self.child(name)

    def __setattr__(self, _name: str, _value: object) -> None:
        self._use()

    def __call__(self, *_args: object, **_kwargs: object) -> Refused:
        """Raise RefusedImport, unless a module is being loaded."""
        return self._use()

    def __mro_entries__(self, _bases: object) -> tuple[type, ...]:
        """Lets a class derive from it; making an instance is the use."""
        use, message = self._use, self._message

        def refuse(*_args: object, **_kwargs: object) -> NoReturn:
            use()
            raise RefusedImport(message)

        return (type("Refused", (), {"__new__": refuse}),)

    def _used(self, *_others: object) -> Refused:
        return self._use()

    __getitem__ = __enter__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _used
    __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = __pow__ = __neg__ = __or__ = _used
    __lt__ = __gt__ = __le__ = __ge__ = _used

    def __exit__(self, *_error: object) -> None:
        pass

    def __setitem__(self, _key: object, _value: object) -> None:
        self._use()

    def __bool__(self) -> bool:
        self._use()
        return False

    def __iter__(self) -> Iterator[Refused]:
        self._use()
        return iter([self for _ in range(_targets())])

    def __array__(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise RefusedImport(self._message)

    __float__ = __int__ = __len__ = __array__

    def __repr__(self) -> str:
        return f"<{self._name}: {self._message}>"


class RefusedModule(types.ModuleType):
    """A module whose contents are refused."""

    def __init__(self, name: str, message: str, loading: Callable[[], bool]) -> None:
        super().__init__(name)
        self.__dict__["__all__"] = []
        self.__dict__["_refused"] = Refused(name, message, loading)

    def __getattr__(self, name: str) -> Any:
        if name in _MODULE_NAMES:
            raise AttributeError(name)
        return self.__dict__["_refused"].child(name)


def inert_module(name: str) -> types.ModuleType:
    """The stand-in for an inert module: its progress bars iterate, all else does nothing."""
    contents: dict[str, Any] = {}
    top = name.partition(".")[0]
    if top == "tqdm":
        contents = {"tqdm": Progress, "trange": _progress_range}
    elif top in COMPATIBILITY:
        contents = {**older.names(), **older.helpers()}
    return InertModule(name, contents)


def _progress_range(*bounds: int, **_options: object) -> Progress:
    return Progress(range(*bounds))


def _targets() -> int:
    """How many values the statement unpacks that iterates over our caller; 0 for none."""
    frame = sys._getframe(2)  # noqa: SLF001  only the bytecode knows
    code, at = frame.f_code.co_code, frame.f_lasti
    return code[at + 1] if code[at] == _UNPACK else 0
