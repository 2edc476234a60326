"""Whatever is handed in, a Workspace or a clear refusal comes out."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.assignment import Limits
from grader.errors import UnusableInput
from grader.intake import Workspace, open_submission
from grader.intake.listing import Unreadable
from grader.intake.reader import pdf
from grader.intake.reader.notebook import read_notebook
from grader.intake.reader.unreadable import UnreadableDocument
from grader.intake.reading import Kind, read_document

FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def good_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw3/layers.py", "def f():\n    return 1\n" * 20)
        archive.writestr("hw3/作业.py", "x = 1\n")
        archive.writestr("hw3/report.md", "The accuracy is 93 %.\n" * 10)
        archive.writestr("hw3/data.csv", "1,2,3\n" * 100)
    return stream.getvalue()


GOOD = good_zip()


def opens_or_refuses(path: Path) -> None:
    """Neither another exception nor an unfit message or path is possible."""
    try:
        workspace = open_submission(path, Limits())
    except UnusableInput as refusal:
        text = f"{refusal} {refusal.hint}"
        assert not {unicodedata.category(char) for char in text} & {"Cc", "Cf", "Cs", "Co", "Cn"}
        assert "Traceback" not in text
        return
    assert isinstance(workspace, Workspace)
    for source in workspace.sources:
        assert ".." not in source.path.split("/")
        assert not source.path.startswith("/")
        source.text.encode("utf-8")
    workspace.info.model_dump_json()


@FUZZ
@given(data=st.binary(max_size=2000), start=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06"]))
def test_random_bytes_are_refused_or_read(tmp_path: Path, data: bytes, start: bytes) -> None:
    """A .zip of anything."""
    path = tmp_path / "s.zip"
    path.write_bytes(start + data)
    opens_or_refuses(path)


@FUZZ
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8
    ),
    cut=st.integers(0, len(GOOD)) | st.just(len(GOOD)),
)
def test_mutated_zips_are_refused_or_read(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int
) -> None:
    """A good zip with some bytes changed, or cut off."""
    data = bytearray(GOOD)
    for where, value in changes:
        data[where] = value
    path = tmp_path / "s.zip"
    path.write_bytes(data[:cut])
    opens_or_refuses(path)


@FUZZ
@given(
    where=st.integers(GOOD.index(b"PK\x01\x02"), len(GOOD) - 1),
    value=st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]),
)
def test_zips_with_a_changed_directory_are_refused_or_read(
    tmp_path: Path, where: int, value: int
) -> None:
    """The list of files is where the lies are: flags, sizes, offsets, names."""
    data = bytearray(GOOD)
    data[where] = value
    path = tmp_path / "s.zip"
    path.write_bytes(data)
    opens_or_refuses(path)


@FUZZ
@given(
    names=st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5, unique=True),
    content=st.binary(max_size=200),
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_zips_with_any_names_are_refused_or_read(
    tmp_path: Path, names: list[str], content: bytes
) -> None:
    """Names and contents of any kind."""
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            try:
                archive.writestr(name + ".py", content)
            except UnicodeEncodeError:
                continue
    opens_or_refuses(path)


CODE = st.sampled_from(
    [
        "import numpy as np",
        "x = 1",
        "X = {'a': x}",
        "def f(a=x):\n    return np.abs(a)",
        "f(1)",
        "class A(B):\n    pass",
        "class B:\n    y = x",
        "@f\ndef g(): pass",
        "x += 1",
        "for i in x: pass",
        "%time f()",
        "!ls",
        "f = lambda: f",
        "x = y\ny = x",
        "try:\n    import z\nexcept E: pass",
        "a, *b = x",
        "del x",
        "x: int = 3",
        "A.f = f",
        "from q import *",
        "return",
        "def (",
        "x = 1; y = 2",
        "async def h(): await f",
        "with x: pass",
        "global x",
        "x = [i for i in range(3)]",
        "\tx = 1",
    ]
)


@FUZZ
@given(cells=st.lists(st.lists(CODE, max_size=4).map("\n".join), max_size=8))
def test_any_notebook_gives_a_module_that_compiles(cells: list[str]) -> None:
    """In whatever order statements stand, the generated module is valid Python."""
    data = json.dumps(
        {"nbformat": 4, "cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    ).encode()
    answer = read_notebook(data)
    lines = answer["modules"][0]["lines"]
    compile("\n".join(text for text, _, _ in lines), "module", "exec")
    for text, cell, line in lines:
        original = cells[cell - 1].split("\n")[line - 1]
        assert text.strip() in original or text.startswith(("import", "from"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "metadata", "nbformat", "kernelspec"]),
            inner | st.sampled_from(["code", "markdown", 4, 3]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@FUZZ
@given(value=JSON)
def test_any_json_is_a_notebook_or_is_not(value: object) -> None:
    """Missing and wrong fields are no crash."""
    data = json.dumps(value).encode()
    try:
        answer = read_notebook(data)
    except UnreadableDocument:
        return
    json.dumps(answer)


def _documents() -> dict[str, bytes]:
    """A small good one of each kind, mutated below."""
    stream = io.BytesIO()
    document = Document()
    document.add_paragraph("The accuracy is 93 %.")
    document.add_table(1, 2).cell(0, 0).text = "batch size"
    document.save(stream)
    cells = [{"cell_type": "code", "source": "def f(x):\n    return x"}]
    return {
        "docx": stream.getvalue(),
        "pdf": pdf._PAGE,
        "notebook": json.dumps({"nbformat": 4, "cells": cells}).encode(),
        "script": b"# In[1]:\ndef f(x):\n    return x\n%time f(1)\n",
    }


DOCUMENTS = _documents()


@pytest.mark.slow
@settings(FUZZ, max_examples=40)
@given(
    kind=st.sampled_from(sorted(DOCUMENTS)),
    changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=12),
    cut=st.integers(0, 64),
)
def test_mutated_documents_are_read_or_unreadable(
    kind: Kind, changes: list[tuple[int, int]], cut: int
) -> None:
    """By the real process with its walls and limits: an answer or a reason, nothing else."""
    data = bytearray(DOCUMENTS[kind])
    for where, value in changes:
        data[where % len(data)] = value
    try:
        answer = read_document(kind, bytes(data[: len(data) - cut]))
    except Unreadable as reason:
        text = str(reason)
        assert not {unicodedata.category(char) for char in text} & {"Cc", "Cf", "Cs", "Co", "Cn"}
        return
    json.dumps(answer)
