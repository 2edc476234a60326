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

# What the worker gives back itself is not here (grader/worker/older.py).
_REMOVED_FROM_NUMPY: Final = {
    "find_common_type": "np.result_type", "cast": "np.asarray(x, dtype)", "matlib": "np",
    "issubclass_": "issubclass", "issubsctype": "np.issubdtype", "source": "inspect.getsource",
}  # fmt: skip
_REMOVED_METHODS: Final = {
    ("ndarray", "ptp"): "np.ptp(x)",
    ("ndarray", "newbyteorder"): "x.view(x.dtype.newbyteorder())",
    ("ndarray", "itemset"): "x[index] = value",
    ("dict", "iteritems"): "items()",
    ("dict", "itervalues"): "values()",
    ("dict", "iterkeys"): "keys()",
    ("dict", "has_key"): "key in d",
    ("generator", "next"): "next(g)",
}

_PYTHON_2_NAMES: Final = {
    "raw_input": "input", "cPickle": "pickle", "reload": "importlib.reload", "file": "open",
    "execfile": "exec", "cmp": "(a > b) - (a < b)", "izip": "zip", "imap": "map",
}  # fmt: skip

_WHOLE_NUMBER: Final = (
    "a size or an index must be a whole number: since Python 3, / gives a fraction; write //"
)
_NO_INDEX: Final = (
    "an array was indexed with what is no whole number: a fraction (since Python 3, / gives one; "
    "write //), or a name in quotes (then it is not the dict that you take it for)"
)
_ONE_ELEMENT: Final = (
    "the array has more than one element, or a dimension too many; newer NumPy no longer makes a "
    "number of an array of one element: index it first, or write .item()"
)
_BY_MESSAGE: Final = (
    ("TypeError", r"'float' object cannot be interpreted as an integer", _WHOLE_NUMBER),
    ("TypeError", r"^slice indices must be integers", _WHOLE_NUMBER),
    ("TypeError", r"expected a sequence of integers or a single integer", _WHOLE_NUMBER),
    ("IndexError", r"^only integers, slices", _NO_INDEX),
    ("TypeError", r"can be converted to Python scalars", _ONE_ELEMENT),
    ("ValueError", r"^setting an array element with a sequence\.$", _ONE_ELEMENT),
    ("ValueError", r"^Unable to avoid copy", "NumPy 2 means it: write np.asarray(x) instead"),
    (
        "TypeError",
        r"'(map|zip|filter|dict_\w+|range)' object (is not subscriptable|does not support item)",
        "since Python 3 this is no list; write list(...) around it",
    ),
    (
        "TypeError",
        r"object of type '(map|zip|filter)' has no len",
        "since Python 3 this is no list; write list(...) around it",
    ),
)


def hint(type_name: str, message: str) -> str | None:
    """What to do about an exception, when it is one of the well-known ones."""
    for kind, pattern, help_text in _BY_MESSAGE:
        if kind == type_name and re.search(pattern, message):
            return help_text
    if type_name == "AttributeError":
        return _removed_from_numpy(message) or _removed_method(message)
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


def syntax_hint(python2: bool, message: str = "") -> str:
    """What to do about a SyntaxError."""
    if python2:
        return (
            "this is Python 2, and the grader runs Python 3: put what print prints in parentheses, "
            "write `except X as e`, and spaces for tabs; nothing is said about the mathematics"
        )
    if "tabs and spaces" in message or "unindent" in message:
        return (
            "tabs and spaces are mixed, which Python 3 refuses: have your editor make tabs spaces"
        )
    return "run the file with python to see the error at home"


def _removed_from_numpy(message: str) -> str | None:
    name = _first(r"module 'numpy' has no attribute '(\w+)'", message)
    if name is None:
        name = _first(r"`np\.(\w+)` was removed", message)
    if name not in _REMOVED_FROM_NUMPY:
        return None
    return f"np.{name} was removed from NumPy; write {_REMOVED_FROM_NUMPY[name]}"


def _removed_method(message: str) -> str | None:
    found = re.search(r"'(?:numpy\.)?(\w+)' object has no attribute '(\w+)'", message)
    instead = _REMOVED_METHODS.get((found.group(1), found.group(2))) if found else None
    if instead is None or found is None:
        return None
    return f"{found.group(2)} is gone from newer versions; write {instead}"


def _wrong_arguments(message: str) -> str | None:
    if re.search(r"\(\) (takes|missing) .*argument", message):
        return "check the number of arguments; graded functions keep the template's parameters"
    return None


def _first(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text)
    return found.group(1) if found else None
