"""Help for exceptions that homework meets again and again.

They come from Python 2, from NumPy before 2.0, and from files that are not there while the code
is graded: none of them is wrong mathematics, and each has a short cure.
"""

from __future__ import annotations

import re
from typing import Final

FILES_HELP: Final = (
    "files are not there while the code is graded: use the arrays a function is given, "
    "and move what reads files under if __name__ == '__main__'"
)

_REMOVED_FROM_NUMPY: Final = {
    "float": "float", "int": "int", "bool": "bool", "object": "object", "complex": "complex",
    "str": "str", "long": "int", "float_": "np.float64", "complex_": "np.complex128",
    "NaN": "np.nan", "Inf": "np.inf", "infty": "np.inf", "product": "np.prod",
    "cumproduct": "np.cumprod", "sometrue": "np.any", "alltrue": "np.all", "round_": "np.round",
    "trapz": "np.trapezoid", "in1d": "np.isin", "row_stack": "np.vstack", "msort": "np.sort",
    "asfarray": "np.asarray", "find_common_type": "np.result_type", "matlib": "np",
}  # fmt: skip

_PYTHON_2_NAMES: Final = {
    "xrange": "range", "raw_input": "input", "unicode": "str", "long": "int", "reduce":
    "functools.reduce", "basestring": "str", "cPickle": "pickle", "unichr": "chr",
}  # fmt: skip


def hint(type_name: str, message: str) -> str | None:
    """What to do about an exception, when it is one of the well-known ones."""
    if type_name == "AttributeError":
        return _removed_from_numpy(message)
    if type_name == "NameError":
        name = _first(r"name '(\w+)' is not defined", message)
        if name in _PYTHON_2_NAMES:
            return f"{name} is Python 2; write {_PYTHON_2_NAMES[name]}"
        return None
    if type_name == "TypeError":
        return _wrong_arguments(message)
    if type_name in ("FileNotFoundError", "PermissionError", "IsADirectoryError"):
        return FILES_HELP
    if type_name == "EOFError" and "input()" in message:
        return "move what asks for input under if __name__ == '__main__'"
    if type_name == "RecursionError":
        return "a function calls itself without end, or very often: write it as a loop"
    return None


def syntax_hint(python2: bool) -> str:
    """What to do about a SyntaxError."""
    if python2:
        return "this looks like Python 2; the grader runs Python 3, where print is a function"
    return "run the file with python to see the error at home"


def _removed_from_numpy(message: str) -> str | None:
    name = _first(r"module 'numpy' has no attribute '(\w+)'", message)
    if name is None:
        name = _first(r"`np\.(\w+)` was removed", message)
    if name not in _REMOVED_FROM_NUMPY:
        return None
    return f"np.{name} was removed from NumPy; write {_REMOVED_FROM_NUMPY[name]}"


def _wrong_arguments(message: str) -> str | None:
    if re.search(r"\(\) (takes|missing) .*argument", message):
        return "check the number of arguments; graded functions keep the template's parameters"
    if "'newshape'" in message:
        return "NumPy 2 calls this argument shape; write np.reshape(x, shape) without its name"
    if "can be converted to Python scalars" in message:
        return "the array has more than one element, or a dimension too many; index it first"
    return None


def _first(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text)
    return found.group(1) if found else None
