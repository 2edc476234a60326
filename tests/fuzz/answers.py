"""What the reading process answers, should a document have taken it over: never trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator

from grader.intake import notebook
from grader.intake.listing import Unreadable
from grader.intake.reading import parsed_answer
from tests.fuzz.messages import fit_to_show

WORDS = [
    b'"modules"',
    b'"path"',
    b'"lines"',
    b'"markdown"',
    b'"notes"',
    b'"problem"',
    b'"text"',
    b"null",
]


def target(data: bytes) -> None:
    """As the answer about a notebook, and about a document."""
    for kind in ("notebook", "pdf"):
        try:
            answer = parsed_answer(kind, data)
            if kind == "notebook":
                found = notebook.from_answer("hw3/a.ipynb", answer, frozenset())
            else:
                assert isinstance(answer["text"], str)
                continue
        except Unreadable as reason:
            fit_to_show(reason)
            continue
        for source in found.sources:
            source.text.encode("utf-8")
            assert ".." not in source.path.split("/")
            assert len(source.origin) == source.text.count("\n")


def seeds() -> Iterator[bytes]:
    """Right answers."""
    lines = [["import numpy", 1, 1], ["def f():", 2, 1], ["    pass", 2, 2], ["", None, None]]
    modules = [{"path": None, "lines": lines}, {"path": "sub/layers.py", "lines": lines}]
    yield json.dumps({"modules": modules, "markdown": "93 %", "notes": ["cell 3"]}).encode()
    yield json.dumps({"text": "The accuracy is 93 %."}).encode()
    yield json.dumps({"problem": "it is damaged"}).encode()
