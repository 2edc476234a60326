"""A notebook that was exported as a Python file: the same rules, but the lines stay in place.

Jupyter and Colab save a notebook as .py with all its plots, training runs and even shell lines at
the top level. Imported as it is, such a file fails at its first magic. What is kept is what
grader/intake/reader/definitions.py keeps; the rest becomes blank lines, so that a line number in
the result is the line number in the student's file.
"""

from __future__ import annotations

from typing import Any

from grader.intake.reader.cells import CodeCell, code_cell
from grader.intake.reader.definitions import definitions
from grader.intake.reader.unreadable import UnreadableDocument


def read_script(data: bytes) -> dict[str, Any]:
    """The answer {"text": the definitions, each on its own line}.

    Raises:
        UnreadableDocument: it is not valid Python even without magics.
    """
    source = data.decode("utf-8")
    cell = code_cell(1, source)
    if not isinstance(cell, CodeCell):
        raise UnreadableDocument("it is not valid Python")
    lines = [""] * (source.count("\n") + 1)
    kept, _ = definitions([cell])
    for line in kept:
        before = lines[line.line - 1]
        lines[line.line - 1] = f"{before}; {line.text}" if before else line.text
    return {"text": "\n".join(lines)}
