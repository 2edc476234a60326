"""Facts from syntax trees."""

from __future__ import annotations

from typing import Any

import pytest

from grader.worker.inspection import inspect_source
from grader.worker.rules import ImportRules
from grader.worker.wire import encode

_RULES = ImportRules(allow=["numpy", "math"], inert=["matplotlib"])


def _inspect(text: str, **others: str) -> Any:
    sources = {"a.py": text} | {f"{n.replace('__', '/')}.py": t for n, t in others.items()}
    facts = inspect_source("a.py", sources, _RULES)
    encode(facts)  # it must be fit to send
    return facts


def test_functions_and_names_with_their_lines() -> None:
    """Top-level names are found inside if, try, with and loops, and not in main blocks."""
    facts = _inspect(
        "import numpy as np\n"
        "def f():\n    def inner(): pass\n    return 1\n"
        "try:\n    def g(): return 2\nexcept ImportError:\n    h = 3\n"
        "if True:\n    k, (l, *m) = 1, (2, 3)\n"
        "class C:\n    def method(self): pass\n"
        "if __name__ == '__main__':\n    secret = 1\nelse:\n    shown = 1\n"
        "q: int = 3\n"
    )
    assert [(f["name"], f["line"]) for f in facts["functions"]] == [("f", 2), ("g", 6)]
    assert [(c["name"], c["line"]) for c in facts["classes"]] == [("C", 11)]
    assert set(facts["names"]) == {"f", "g", "h", "k", "l", "m", "C", "q", "np", "shown"}
    assert facts["definitions"] == ["f", "g", "inner", "method"]


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        ("pass", True),
        ("'''Doc.'''", True),
        ("...", True),
        ("'''Doc.'''\n    raise NotImplementedError", True),
        ("raise NotImplementedError('conv_forward')", True),
        ("return None", False),
        ("x = 1\n    raise NotImplementedError", False),
        ("raise ValueError", False),
    ],
)
def test_stubs_are_recognised(body: str, stub: bool) -> None:
    """A body of docstring, pass, ... and NotImplementedError only is not written yet."""
    assert _inspect(f"def f(x):\n    {body}\n")["functions"][0]["stub"] is stub


def test_imports_and_their_verdicts() -> None:
    """Imports are listed wherever they stand, with what they amount to."""
    facts = _inspect(
        "import numpy.linalg, scipy\nfrom .b import x\nimport b\nfrom matplotlib import pyplot\n"
        "try:\n    import torch\nexcept ImportError:\n    pass\n"
        "def f():\n    import nowhere\n",
        b="x = 1",
    )
    found = sorted(facts["imports"], key=lambda i: i["line"])
    assert [(i["module"], i["line"], i["verdict"], i["guarded"]) for i in found] == [
        ("numpy.linalg", 1, "allowed", False),
        ("scipy", 1, "forbidden", False),
        (".b", 2, "own", False),
        ("b", 3, "own", False),
        ("matplotlib", 4, "inert", False),
        ("torch", 6, "forbidden", True),
        ("nowhere", 10, "missing", False),
    ]


def test_literal_data_is_measured() -> None:
    """Numbers in displays are counted, negative ones too, and the longest text is found."""
    facts = _inspect(f"x = [1, -2.5, 'a', [3, 4]]\ny = {{'k': 5}}\n\nz = '{'q' * 5000}'\n")
    assert facts["literals"] == {
        "numbers": 5,
        "largest": 2,
        "largest_line": 1,
        "longest_text": 5000,
        "longest_text_line": 4,
    }


def test_constants_are_literals_at_the_top() -> None:
    """HYPERPARAMETERS can be read without running anything; computed values cannot."""
    facts = _inspect("H = {'lr': 0.1, 'sizes': [1, 2]}\nk = 2 * 3 + f()\nbig = " + str([0] * 2000))
    assert facts["constants"] == {"H": {"lr": 0.1, "sizes": [1, 2]}}


@pytest.mark.parametrize(
    ("text", "line", "python2"),
    [
        ("x = 1\ndef f(:\n", 2, False),
        ("print 'hello'\n", 1, True),
        ("def f():\n    print 'loss %f' % 1\n", 2, True),
        ("try:\n    pass\nexcept ValueError, e:\n    pass\n", 3, True),
        ("return 1\n", 1, False),
        ("x = 'a\n", 1, False),
    ],
)
def test_syntax_errors_have_line_and_reason(text: str, line: int, python2: bool) -> None:
    """What Python's parser or compiler refuses is reported, and Python 2 is recognised."""
    error = _inspect(text)["error"]
    assert (error["kind"], error["line"], error["python2"]) == ("syntax", line, python2)
    assert error["message"]


def test_a_nul_character_is_a_syntax_error() -> None:
    """It is no crash."""
    assert _inspect("x = 1\0")["error"]["kind"] == "syntax"


def test_a_flood_of_facts_is_cut() -> None:
    """Ten thousand functions make an answer of bounded size."""
    facts = _inspect("\n".join(f"def f{n}(): pass" for n in range(10_000)))
    assert len(facts["functions"]) == 500
    assert len(facts["definitions"]) == 2000


def test_a_file_in_another_folder_is_the_student_s_own() -> None:
    """As an import finds it there; of two it cannot be told which, and a file means not itself."""
    sources = {"net.py": "from cs231n.layers import conv\nimport net\n", "more/layers.py": ""}
    verdicts = [fact["verdict"] for fact in inspect_source("net.py", sources, _RULES)["imports"]]
    assert verdicts[0] == "own"
    sources["other/layers.py"] = ""
    twice = inspect_source("net.py", sources, _RULES)["imports"]
    assert twice[0]["verdict"] == "missing"
