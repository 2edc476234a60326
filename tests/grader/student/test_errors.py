"""What can go wrong, in the student's words; and what those words must not carry."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from grader.student import (
    NotImportable,
    NotWritten,
    Raised,
    Stopped,
    StudentError,
    Unsendable,
)

_NUMPY_2 = pytest.mark.skipif(np.__version__ < "2.4", reason="this NumPy still has it")


def _error(student: Any, function: str = "conv_forward", *args: Any) -> Any:
    with pytest.raises(StudentError) as error:
        student.call(function, *args)
    return error.value


def _says(error: StudentError, kind: type, message: str, place: str) -> None:
    assert type(error) is kind
    assert re.search(message, str(error))
    assert str(error.place) == place


def test_an_exception_is_told_with_its_deepest_line(submit: Any) -> None:
    """Type, message, and the last line in the student's own files, NumPy's left out."""
    text = "import numpy as np\nfrom inner import g\ndef conv_forward(x):\n    return g(x)\n"
    inner = "import numpy as np\ndef g(x):\n    return np.linalg.inv(x)\n"
    error = _error(submit(layers=text, inner=inner), "conv_forward", np.zeros((2, 2)))
    _says(error, Raised, "^conv_forward raised LinAlgError$", "inner.py:3, in g")
    assert error.type_name == "LinAlgError"
    assert error.student_text == "Singular matrix"


@pytest.mark.parametrize(
    "body", ["raise NotImplementedError", "'''Doc.'''", "pass", "...", "return helper(x)"]
)
def test_what_is_not_written_yet_is_neither_wrong_nor_missing(submit: Any, body: str) -> None:
    """Stubs, and functions that lean on a stub which raises."""
    text = f"def helper(x):\n    raise NotImplementedError\ndef conv_forward(x):\n    {body}\n"
    error = _error(submit(layers=text), "conv_forward", 1)
    assert type(error) is NotWritten
    assert str(error) == "conv_forward is not written yet"
    assert error.place.file == "layers.py"


def test_a_syntax_error_is_shown_and_sinks_only_its_file(submit: Any) -> None:
    """The line and its text are told; other files' functions run."""
    student = submit(
        layers="import numpy as np\ndef conv_forward(x)\n    return x\n",
        two_layer_net="def predict(x): return x",
    )
    error = _error(student)
    _says(error, NotImportable, "^layers.py cannot be loaded: expected ':'", "layers.py:2")
    assert error.excerpt == "def conv_forward(x)"
    assert student.predict(3) == 3


def test_python_2_is_recognised(submit: Any) -> None:
    """The help says so."""
    error = _error(submit(layers="def conv_forward(x):\n    print 'hi'\n"))
    assert "Python 2" in error.help


def test_a_syntax_error_in_an_imported_file_is_told_there(submit: Any) -> None:
    """The place is the broken file's, the message says who imported it."""
    error = _error(submit(layers="from b import *\ndef conv_forward(x): pass\n", b="x = = 1\n"))
    _says(error, NotImportable, r"^b.py cannot be loaded \(imported by layers.py\)", "b.py:1")


def test_reading_data_on_import_says_what_to_do(submit: Any) -> None:
    """dataset.txt is not there; the help names the main block."""
    text = "import numpy as np\ndata = np.loadtxt('dataset.txt')\ndef train(): return 1\n"
    error = _error(submit(train=text), "train")
    _says(
        error,
        NotImportable,
        "^train.py cannot be loaded: FileNotFoundError$",
        "train.py:2, in <module>",
    )
    assert "if __name__ == '__main__'" in error.help
    assert "dataset.txt" in error.student_text


@pytest.mark.parametrize(
    ("top", "message"),
    [
        ("while True: pass", "layers.py cannot be loaded: stopped after 0.3.* s of CPU time"),
        ("import os; os._exit(0)", r"cannot be loaded: the process was ended .*exit status 0"),
        ("import sys; sys.exit()", "layers.py cannot be loaded: SystemExit"),
        ("x = bytearray(1 << 33)", "layers.py cannot be loaded: MemoryError"),
        ("import os; os.write(3, b'nonsense, nonsense, nonsense')", "cannot be loaded"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_tried_once(submit: Any, top: str, message: str) -> None:
    """Its other functions are refused at once, and other files' functions run."""
    student = submit(
        layers=f"{top}\ndef conv_forward(x): return x\ndef conv_backward(x): return x\n",
        two_layer_net="def predict(x): return x",
    )
    assert student.predict(1) == 1
    error = _error(student)
    assert type(error) is NotImportable
    assert re.search(message, str(error))
    used = student.cpu_seconds
    again = _error(student, "conv_backward")
    assert type(again) is NotImportable
    assert student.cpu_seconds == used
    assert student.predict(1) == 1


def test_a_file_that_imports_one_that_was_stopped_fails_quickly(submit: Any) -> None:
    """The endless file is not run a second time on behalf of another."""
    student = submit(
        layers="while True: pass\ndef conv_forward(x): return x\n",
        train="from layers import *\ndef train(): return 1\n",
    )
    _error(student)
    used = student.cpu_seconds
    error = _error(student, "train")
    _says(error, NotImportable, "train.py cannot be loaded: ImportError", "train.py:1, in <module>")
    assert student.cpu_seconds - used < 0.2


def test_another_file_stands_in_for_one_that_cannot_be_loaded(submit: Any) -> None:
    """A function that two files define is taken from the one that works."""
    student = submit(
        layers="1 / 0\ndef conv_forward(x): return 1", b="def conv_forward(x): return 2"
    )
    assert student.conv_forward(0) == 2


def test_a_forbidden_module_fails_where_it_is_used(submit: Any) -> None:
    """The message names the module; functions that do not use it run."""
    student = submit(
        layers=(
            "from scipy.signal import convolve2d\ndef conv_forward(x): return convolve2d(x, x)\n"
            "def conv_backward(x): return x\n"
        )
    )
    assert student.conv_backward(1) == 1
    error = _error(student, "conv_forward", 1)
    _says(
        error,
        Raised,
        r"^conv_forward uses a module that cannot be imported here \(scipy.signal\)$",
        "layers.py:2, in conv_forward",
    )


@pytest.mark.parametrize(
    ("expression", "help_text"),
    [
        ("np.cast[float](x)", "np.cast was removed from NumPy; write np.asarray(x, dtype)"),
        ("np.ones(3).ptp()", "ptp is gone from newer versions; write np.ptp(x)"),
        ("{}.iteritems()", "write items()"),
        ("map(abs, [x])[0]", "write list(...) around it"),
        ("raw_input()", "raw_input is Python 2; write input"),
        ("np.zeros(3)[4 / 2]", "write //"),
        ("np.zeros((4 / 2, 3))", "write //"),
        ("np.arange(3.0).__setitem__(0, np.ones((1, 1)))", "write .item()"),
        ("float(np.ones((1, 2)))", "index it first"),
        ("open('w.npy')", "use the arrays a function is given"),
        ("input()", "move what asks for input"),
        ("conv_forward(x)", "write it as a loop"),
        ("conv_forward(x, x)", "keep the template's parameters"),
    ],
)
def test_well_known_exceptions_have_a_cure(submit: Any, expression: str, help_text: str) -> None:
    """Python 2, old NumPy, files and input: the help says what to write instead."""
    error = _error(
        submit(layers=f"import numpy as np\ndef conv_forward(x):\n    return {expression}\n"),
        "conv_forward",
        1.0,
    )
    assert type(error) is Raised
    assert help_text in error.help


@pytest.mark.parametrize(
    ("body", "reason", "message"),
    [
        ("while True: pass", "cpu", r"^stopped after 0.3\d* s of CPU time in .*\(limit 0.3 s\)$"),
        ("return np.ones(1 << 30)", "memory", "needs more than 256 MB of memory"),
        ("sys.exit(1)", "exit", r"tried to end the program \(SystemExit\)"),
        ("os._exit(1)", "exit", "ended by the code itself .*exit status 1"),
        ("os.abort()", "crash", "crashed in conv_forward.*(SIGABRT|SIGSEGV)"),
    ],
)
def test_what_is_stopped_is_told_with_its_limit(
    submit: Any, body: str, reason: str, message: str
) -> None:
    """Each verdict names the function, and the limit where there is one."""
    text = f"import os, sys\nimport numpy as np\ndef conv_forward(x):\n    {body}\n"
    error = _error(submit(layers=text), "conv_forward", 1)
    assert type(error) is Stopped
    assert error.reason == reason
    assert re.search(message, str(error))
    assert error.help
    assert error.place.file == "layers.py"


def test_an_answer_that_is_too_large_is_unsendable(submit: Any) -> None:
    """And the process lives on."""
    student = submit(layers="import numpy as np\ndef conv_forward(n): return np.ones(n)\n")
    assert type(_error(student, "conv_forward", 9 << 20)) is Unsendable
    assert student.conv_forward(2).tolist() == [1, 1]


def test_a_forged_answer_earns_no_more_than_its_value(submit: Any) -> None:
    """And the next call is answered by a new process."""
    text = (
        "import os\ndef conv_forward(x):\n"
        "    body = b'd\\x02\\0\\0\\0\\x05\\0\\0\\0valueT\\x08\\0\\0\\0modifiedt\\0\\0\\0\\0'\n"
        "    head = b'gg1\\n' + (4).to_bytes(8, 'little') + len(body).to_bytes(8, 'little')\n"
        "    os.write(3, head + body)\n    return 1\n"
        "def conv_backward(x): return x\n"
    )
    student = submit(layers=text)
    assert student.conv_forward(0) is True
    with pytest.raises(Unsendable):
        student.conv_backward(1)
    assert student.conv_backward(1) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "{'value': 1}",
        "{'value': 1, 'modified': 3}",
        "{'failed': 3}",
        "{'failed': {'kind': 'raised', 'frames': 3, 'type': 4, 'message': 5}}",
        "{'failed': {'kind': 'raised', 'frames': [['layers.py']], 'type': {}}}",
        "{'failed': {'kind': 'syntax', 'file': 3, 'line': 'x'}}",
        "[1, 2]",
        "None",
    ],
)
def test_forged_reports_of_any_shape_are_student_errors(submit: Any, answer: str) -> None:
    """Nothing a process can answer makes the proxy itself fail."""
    text = (
        "import os, sys\nwire = sys.modules['goldgrad_worker.wire']\n"
        "frames = sys.modules['goldgrad_worker.frames']\ndef conv_forward(x):\n"
        f"    body = wire.encode_bytes({answer})\n"
        "    os.write(3, frames.header([body], 4) + body)\n"
        "    os._exit(0)\n"
    )
    assert isinstance(_error(submit(layers=text), "conv_forward", 1), StudentError)


def test_what_an_exception_can_smuggle_stays_in_the_students_own_text(submit: Any) -> None:
    """Inputs put into a type's name, a function's name or a path do not reach the sentence."""
    text = (
        "import os\n"
        "def conv_forward(x):\n"
        "    secret = 'S' + str(x)\n"
        "    space = {}\n"
        "    source = f'def {secret}(): raise type({secret!r}, (Exception,), {{}})({secret!r})'\n"
        "    exec(compile(source, 'layers.py', 'exec'), space)\n"
        "    space[secret]()\n"
    )
    error = _error(submit(layers=text), "conv_forward", 987654)
    assert type(error) is Raised
    shown = f"{error} {error.place} {error.help} {error.type_name}"
    assert "987654" not in shown
    assert "S987654" in error.student_text


def test_a_class_of_the_students_own_is_named(submit: Any) -> None:
    """Names that stand in the sources are no secret."""
    text = "class ShapeError(Exception): pass\ndef conv_forward(x): raise ShapeError('2 != 3')\n"
    assert str(_error(submit(layers=text), "conv_forward", 1)) == "conv_forward raised ShapeError"


def test_messages_are_made_safe_to_show(submit: Any) -> None:
    """Escape sequences, right-to-left marks, surrogates and length do not get through."""
    text = "def conv_forward(x): raise ValueError('\\x1b[31m\\u202e\\ud800' + 'x' * 10 ** 6)\n"
    error = _error(submit(layers=text), "conv_forward", 1)
    assert len(error.student_text) < 400
    assert all(c.isprintable() for c in error.student_text)


def test_an_exception_that_cannot_be_shown_is_no_way_out(submit: Any) -> None:
    """A __str__ that raises, exits or loops is the student's own loss."""
    for body, kind in (
        ("1 / 0", Raised),
        ("sys.exit()", Raised),
        ("\n        while 1: pass", Stopped),
    ):
        text = (
            "import sys\nclass E(Exception):\n"
            f"    def __str__(self): {body}\ndef conv_forward(x): raise E\n"
        )
        assert type(_error(submit(layers=text), "conv_forward", 1)) is kind
