"""Notebooks and exported scripts, as the reading process reads them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator

from grader.intake.reader.notebook import read_notebook
from grader.intake.reader.script import read_script
from grader.intake.reader.unreadable import UnreadableDocument

WORDS = [
    *(b'"cells"', b'"cell_type"', b'"code"', b'"markdown"', b'"source"', b'"nbformat"'),
    *(b'"metadata"', b"%%writefile a.py\\n", b"%%time\\n", b"!ls\\n", b"class A(B):"),
    *(b"def f(a=x):\\n    return y\\n", b"import numpy as np\\n", b"x = ", b"lambda: "),
    b"try:\\n import a\\nexcept E: a = 1\\n",
]

warnings.simplefilter("ignore")  # of the compiler, about the student's code


def target(data: bytes) -> None:
    """As a notebook; and what is after the first line as a script."""
    try:
        answer = read_notebook(data)
        json.dumps(answer).encode("ascii")
        lines = answer["modules"][0]["lines"]
        compile("\n".join(text for text, _, _ in lines), "module", "exec", dont_inherit=True)
    except (UnreadableDocument, RecursionError, MemoryError):  # as the reading process expects
        pass
    try:
        text = data.decode("utf-8").replace("\r", "\n").replace("\0", "")
        kept = read_script(text.encode())["text"]
        assert kept.count("\n") == text.count("\n")
        compile(kept, "script", "exec", dont_inherit=True)
    except (UnicodeDecodeError, UnreadableDocument, RecursionError, MemoryError):
        return


def seeds() -> Iterator[bytes]:
    """Notebooks of the formats that are met, and a script."""
    code = [
        "import numpy as np\nimport a, b",
        "%matplotlib inline\nX = 3\ny = np.zeros(X)",
        "def f(a=y):\n    return np.abs(a) + z",
        "class A(B):\n    pass\nclass B: pass",
        "%%writefile layers.py\ndef g(): pass",
        "f = lambda x: x; A.f = f\nfor i in range(3): f(i)",
    ]
    cells = [{"cell_type": "code", "source": source} for source in code]
    cells.append({"cell_type": "markdown", "source": "The accuracy is 93 %."})
    yield json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "x"}]}]}
    yield json.dumps({"nbformat": 3, "metadata": {}, **old}).encode()
    yield "\n".join(code).encode()
