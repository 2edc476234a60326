"""What the system refuses is told in words that help, and in no words of the code's own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from grader.sandbox import ProcessLimits
from grader.student import Forbidden, NotImportable, Raised, StudentError
from grader.student.refusals import Refusal
from grader.worker.forbidden import CALLS, CATEGORIES


def _error(student: Any, function: str, *args: Any) -> Any:
    with pytest.raises(StudentError) as error:
        student.call(function, *args)
    return error.value


# What a refusal of the kernel looks like from inside, whichever wall there is.
_REFUSED = "sys.audit({event!r}, {args}); raise PermissionError(1, 'Operation not permitted'{path})"


@pytest.mark.parametrize(
    ("body", "message", "help_text"),
    [
        (
            _REFUSED.format(event="os.fork", args="None", path=""),
            r"^conv_forward tried to start a process \(os.fork\), which is not allowed while",
            "compute in the function itself",
        ),
        (
            _REFUSED.format(event="open", args="'/etc/x', 'r', 0", path=", '/etc/x'"),
            r"^conv_forward tried to read a file outside its folder \(open\)",
            "use the arrays a function is given",
        ),
        ('raise RuntimeError("can\'t start new thread")', "tried to start a thread", "threads"),
        (
            _REFUSED.format(event="socket.connect", args="None, None", path=""),
            r"^conv_forward tried to open a network connection \(socket.connect\)",
            "fetched",
        ),
        (
            "open('x', 'wb').write(b'.' * (17 << 20))",
            "^conv_forward wrote a file of more than 16 MB$",
            "return results",
        ),
        (
            "kept = [open('x', 'a') for _ in range(99)]",
            "^conv_forward had more than 64 files open at a time$",
            "close every file",
        ),
        (
            "np.zeros(3 << 20).tofile(open('x', 'wb'))",
            "^conv_forward wrote a file of more than 16 MB",
            "return results",
        ),
    ],
)
def test_a_refusal_says_what_was_tried_and_what_to_do(
    submit: Any, body: str, message: str, help_text: str
) -> None:
    """Neither accusing nor technical; the place is the student's line."""
    text = "import sys\nimport numpy as np\n"
    error = _error(submit(layers=f"{text}def conv_forward(x):\n    {body}\n"), "conv_forward", 1)
    assert type(error) is Forbidden
    assert isinstance(error, Raised)
    assert re.search(message, str(error))
    assert help_text in error.help
    assert str(error.place).startswith("layers.py:4, in ")


def test_a_file_that_reads_data_on_import_is_told_the_same(submit: Any) -> None:
    """Whether the dataset is absent or out of reach, the cure is one."""
    body = _REFUSED.format(event="open", args="'/data', 'r', 0", path=", '/data'")
    error = _error(submit(train=f"import sys\n{body}\ndef train(): return 1\n"), "train")
    assert type(error) is NotImportable
    assert re.match(
        r"train.py cannot be loaded: it tried to read a file outside its folder", str(error)
    )
    assert "if __name__ == '__main__'" in error.help
    assert str(error.place) == "train.py:2, in <module>"


def test_nothing_of_the_codes_own_choice_is_in_the_sentence(submit: Any) -> None:
    """A path may hold a hidden input: it stays in the student's own text."""
    body = _REFUSED.format(event="open", args="x, 'r', 0", path=", f'/s/{x}'")
    text = f"import sys\ndef conv_forward(x):\n    {body}\n"
    error = _error(submit(layers=text), "conv_forward", "987654")
    assert "987654" not in f"{error} {error.place} {error.help} {error.type_name}"
    assert "987654" in error.student_text


def test_only_the_closed_vocabulary_is_believed() -> None:
    """Whatever a process answers in its place."""
    for data in (None, 3, [], {}, {"category": "x", "call": "open"}, {"category": 1, "call": 2}):
        assert Refusal.read(data) is None
    assert Refusal.read({"category": "process", "call": "987654"}) == Refusal("process", "")


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_has_words(category: str) -> None:
    """With every name of a call."""
    for call in (*CALLS, ""):
        refusal = Refusal(category, call)
        assert refusal.sentence(ProcessLimits())
        assert refusal.help


def test_a_caught_refusal_is_nobodys_business(submit: Any) -> None:
    """Code that does without is right."""
    text = (
        "import sys\ndef conv_forward(x):\n    try:\n"
        "        sys.audit('os.fork'); raise PermissionError(1, '')\n"
        "    except OSError:\n        return x\n"
    )
    assert submit(layers=text).conv_forward(3) == 3
