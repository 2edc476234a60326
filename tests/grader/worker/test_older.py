"""grader/worker/older.py: old names work and are told of, where they are not the student's own."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from grader.worker import older


def _in_a_process(expression: str) -> str:
    """The value there, after the old names were given back: this process stays as it is."""
    program = (
        "import numpy as np\nfrom grader.worker import older\nolder.install()\n"
        f"from numpy import product\nprint(repr({expression}))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_every_old_name_means_what_it_meant() -> None:
    """All in one process; those that were functions of their own are called."""
    values = _in_a_process(
        "[getattr(np, name) for name in older.NUMPY] and ["
        "np.reshape(np.arange(4), newshape=(2, 2)).tolist(), np.reshape(np.arange(2), 2).tolist(), "
        "np.in1d([[1, 2]], [2]).tolist(), np.msort(np.array([[2], [1]])).tolist(), "
        "np.asscalar(np.array([3])), np.asfarray([1]).dtype.str, np.NINF, np.math.factorial(3), "
        "float(np.trapz([1.0, 3.0])), "
        "np.product is np.prod, "
        "hasattr(np, 'no_such_name'), product([2, 3]).item()]"
    )
    assert values == (
        "[[[0, 1], [2, 3]], [0, 1], [False, True], [[1], [2]], 3, '<f8', -inf, 6, 2.0, True, "
        "False, 6]"
    )


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("import numpy as np\nx = np.product([1])\ny = np.product([2])", [("np.product", 2)]),
        ("import numpy\nx = numpy.float(1)", [("np.float", 2)]),
        ("from numpy import sometrue", [("np.sometrue", 1)]),
        ("for i in xrange(3): pass", [("xrange", 1)]),
        ("import numpy as np\nnp.reshape(x, newshape=3)", [("newshape", 2)]),
        ("from past.builtins import xrange\nfor i in xrange(3): pass", []),
        ("def f(product, long):\n    return product.float, long", []),
        ("import numpy as np\nx = np.prod([1]) # product, xrange", []),
    ],
)
def test_old_names_are_found_where_they_are_meant(text: str, uses: list[tuple[str, int]]) -> None:
    """An attribute of something else, or a name of the student's own, is no old name."""
    tree = ast.parse(text)
    assert older.old_names(text, list(ast.walk(tree))) == uses
    assert all(older.instead_of(name) for name, _ in uses)


def test_every_old_name_has_an_answer() -> None:
    """What to write instead; and nothing is said of what is no old name."""
    assert older.instead_of("xrange") == "xrange is Python 2; write range"
    assert older.instead_of("np.product") == "np.product was removed from NumPy; write np.prod"
    assert older.instead_of("np.prod") is None
    assert {*older.names()} == {*older.PYTHON_2}
