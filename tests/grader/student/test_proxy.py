"""The student's module as a remote object."""

from __future__ import annotations

import contextlib
import difflib
import gc
from collections.abc import Iterator
from typing import Any

import numpy as np
import psutil
import pytest

from grader.assignment import Assignment
from grader.errors import GraderFailure
from grader.intake.workspace import SourceFile, SourceLine, Workspace
from grader.result import Place, SubmissionInfo
from grader.sandbox import Channel, ForkServer
from grader.student import (
    Handle,
    NotDefined,
    Opaque,
    StaleHandle,
    Stopped,
    Student,
)

_LAYERS = """\
import numpy as np

def conv_forward(x, w, b, conv_param):
    return x * w + b, {"x": x, "w": w, 3: object()}

def conv_backward(dout, cache):
    return dout * cache["w"], dout * cache["x"], dout
"""


def test_it_reads_as_if_it_were_local(submit: Any) -> None:
    """Arrays cross as values, a cache stays inside and is passed back by its handle."""
    student = submit(layers=_LAYERS)
    x, w, dout = np.arange(3.0), np.full(3, 2.0), np.ones(3)
    out, cache = student.conv_forward(x, w, 1.0, {"stride": 1, "pad": 0}, keep=(1,))
    assert out.tolist() == [1, 3, 5]
    assert isinstance(cache, Handle)
    dx, dw, db = student.conv_backward(dout, cache)
    assert (dx.tolist(), dw.tolist(), db.tolist()) == ([2, 2, 2], [0, 1, 2], [1, 1, 1])


def test_a_call_tells_what_it_cost_what_it_changed_and_where_it_stands(submit: Any) -> None:
    """Beside the value: modified positions, CPU time, the definition's place."""
    student = submit(
        layers="\n\ndef conv_forward(x, w, b, p):\n    x += 1; p['new'] = 1\n    return x\n"
    )
    x = np.zeros(2)
    returned = student.call("conv_forward", x, np.zeros(1), None, {"pad": 0})
    assert returned.value.tolist() == [1, 1]
    assert x.tolist() == [0, 0]  # the caller's own array is never touched
    assert returned.modified == (0, 3)
    assert 0 < returned.cpu_seconds < 0.3
    assert returned.place == Place(file="layers.py", line=3, function="conv_forward")
    assert student.cpu_seconds >= returned.cpu_seconds


def test_the_expected_file_comes_first_and_others_count_too(submit: Any) -> None:
    """The same name in several files means the expected one; alone in another, that one."""
    text = "def {f}(x): return '{file}'\n"
    student = submit(
        aaa=text.format(f="conv_forward", file="aaa") + text.format(f="predict", file="aaa"),
        layers=text.format(f="conv_forward", file="layers"),
    )
    assert student.conv_forward(1) == "layers"
    assert student.predict(1) == "aaa"


@pytest.mark.parametrize(
    "definition",
    [
        "from mine import *",
        "from mine import conv_forward",
        "import mine\nconv_forward = mine.conv_forward",
        "try:\n    import cupy\nexcept ImportError:\n    def conv_forward(x): return x",
        "if True:\n    conv_forward = lambda x: x",
        "from functools import partial\nconv_forward = partial(lambda a, x: x, 1)",
        "class C:\n    def __call__(self, x): return x\nconv_forward = C()",
    ],
)
def test_a_function_may_be_defined_in_any_way(submit: Any, definition: str) -> None:
    """Star imports, aliases, conditionals, callables: what the name is bound to is called."""
    student = submit(layers=definition, mine="def conv_forward(x): return x")
    assert student.conv_forward(5) == 5


def test_a_missing_function_is_named_with_its_file(submit: Any) -> None:
    """No file defines it: said with the file it is expected in, and without a process dying."""
    student = submit(layers=_LAYERS)
    with pytest.raises(NotDefined, match="no file defines max_pool_forward") as error:
        student.max_pool_forward(1)
    assert error.value.help == "define it in layers.py"
    assert error.value.function == "max_pool_forward"


@pytest.mark.parametrize(
    ("source", "help_text"),
    [
        (
            "def MaxPool_foward(x): return x",
            "define it in layers.py, or is it MaxPool_foward in layers.py? Then rename that",
        ),
        (
            "class Pool:\n    def max_pool_forward(self, x): return x",
            "in layers.py it stands inside a class or another function: move it out",
        ),
        ("def avg_pool_forward(x): return x", "define it in layers.py"),
    ],
    ids=["misspelt", "too deep", "another one's"],
)
def test_where_a_missing_function_may_be_is_said(submit: Any, source: str, help_text: str) -> None:
    """Misspelt, or inside a class; but what is asked for itself is not taken for it."""
    with pytest.raises(NotDefined) as error:
        submit(layers=source).max_pool_forward(1)
    assert error.value.help == help_text


def test_a_flood_of_functions_is_not_searched_for_a_misspelt_one(
    submit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would be held against each missing name, in the grader's own process."""
    compared: list[int] = []
    real = difflib.get_close_matches

    def close_matches(word: str, possibilities: Any, **options: Any) -> list[str]:
        compared.append(len(possibilities))
        return real(word, possibilities, **options)

    monkeypatch.setattr(difflib, "get_close_matches", close_matches)
    names = [f"max_pool_forwar_{n}" for n in range(400)]
    source = "".join(f"def {name}(x): return x\n" for name in names)
    with pytest.raises(NotDefined):
        submit(layers=source, mine=source.replace("pool", "pol")).max_pool_forward(1)
    assert compared == [500]


def test_a_name_that_is_no_function_is_not_defined(submit: Any) -> None:
    """A constant in its place is not callable."""
    with pytest.raises(NotDefined, match="conv_forward is not a function"):
        submit(layers="conv_forward = 3").conv_forward(1)


def test_declared_constants_are_read(submit: Any) -> None:
    """HYPERPARAMETERS as the loaded module has them, computed values included."""
    student = submit(train="import numpy as np\nHYPERPARAMETERS = {'lr': 0.1 * 3, 'h': 8}\n")
    assert student.declared("HYPERPARAMETERS") == {"lr": 0.1 * 3, "h": 8}
    with pytest.raises(NotDefined, match="no file defines OTHER"):
        student.declared("OTHER")


def test_objects_arrive_as_opaque(submit: Any) -> None:
    """What cannot cross is named by its type, within whatever holds it."""
    student = submit(layers="class Net: pass\ndef conv_forward(x): return [Net(), x]")
    assert student.conv_forward(1) == [Opaque("Net"), 1]


def test_a_process_that_ended_is_replaced(submit: Any) -> None:
    """The next call works; what was kept is stale, and says why."""
    student = submit(layers=_LAYERS + "\nimport os\ndef avg_pool_forward(x): os._exit(5)\n")
    _, cache = student.conv_forward(1.0, 2.0, 3.0, {}, keep=(1,))
    with pytest.raises(Stopped) as stop:
        student.avg_pool_forward(1)
    assert stop.value.reason == "exit"
    with pytest.raises(StaleHandle, match=r"was lost .*its own exit status") as stale:
        student.conv_backward(1.0, cache)
    assert stale.value.reason == "exit"
    out, cache = student.conv_forward(1.0, 2.0, 3.0, {}, keep=(1,))
    assert out == 5.0
    assert student.conv_backward(1.0, cache)[1] == 1.0


def test_handles_inside_arguments_are_found(submit: Any) -> None:
    """A kept value may be passed in a list or dict."""
    student = submit(
        layers="def conv_forward(x): return x, {1: x}\ndef conv_backward(d): return d['c'][0][1]"
    )
    _, cache = student.conv_forward(7, keep=(1,))
    assert student.conv_backward({"c": [cache]}) == 7


def test_what_no_handle_stands_for_is_forgotten(submit: Any) -> None:
    """Two hundred caches of 8 MB fit into 256 MB when nobody holds on to them."""
    student = submit(layers="import numpy as np\ndef conv_forward(): return 1, np.ones(1 << 20)\n")
    for _ in range(200):
        value = student.conv_forward(keep=(1,))
        del value
        gc.collect(0)


def test_a_fresh_student_shares_nothing_but_the_sources(submit: Any) -> None:
    """Each training run meets modules as they are when just loaded."""
    student = submit(train="state = []\ndef train():\n    state.append(1)\n    return len(state)\n")
    assert [student.train(), student.train()] == [1, 2]
    with student.fresh() as twin:
        assert twin.train() == 1
    assert student.train() == 3


def test_the_seed_of_unseeded_code_is_the_callers(submit: Any) -> None:
    """The same seed gives the same numbers, another seed others."""
    student = submit(train="import numpy as np\ndef train(): return np.random.rand()")
    numbers = []
    for seed in (1, 1, 2):
        with student.fresh(seed) as twin:
            numbers.append(twin.train())
    assert numbers[0] == numbers[1] != numbers[2]


def test_printed_text_is_kept_and_made_safe(submit: Any) -> None:
    """Of all processes so far; without control characters."""
    student = submit(
        layers="import os\nprint('loading')\ndef conv_forward(x):\n    print('\\x1b[2Jhello')\n"
        "    if x: os._exit(1)\n"
    )
    student.conv_forward(0)
    with pytest.raises(Stopped):
        student.conv_forward(1)
    student.conv_forward(0)
    assert "loading\n\N{REPLACEMENT CHARACTER}[2Jhello" in student.printed
    assert student.printed.count("loading") == 2


def test_a_notebooks_lines_are_told_as_cells(server: ForkServer, assignment: Any) -> None:
    """Places in a generated module are places in the notebook."""
    text = "x = 1\ndef conv_forward(a):\n    return 1 / a\n"
    origin = (SourceLine(1, 1), SourceLine(2, 1), SourceLine(2, 2))
    source = SourceFile("hw3.py", text, "hw3.ipynb", origin)
    info = SubmissionInfo(name="t", kind="notebook", sha256="0" * 64)
    with Student(server, Workspace(info, (source,), None), assignment) as student:
        place = student.call("conv_forward", 1).place
        assert str(place) == "hw3.ipynb cell 2, line 1, in conv_forward"
        with pytest.raises(Exception, match="ZeroDivisionError") as error:
            student.conv_forward(0)
        assert str(error.value.place) == "hw3.ipynb cell 2, line 2, in conv_forward"


def test_packages_and_relative_imports_work(submit: Any) -> None:
    """cs231n/layers.py is cs231n.layers, wherever it is asked from."""
    student = submit(
        {
            "cs231n/__init__.py": "raise ImportError('no compiled im2col')",
            "cs231n/layers.py": "from .fast import f\ndef conv_forward(x): return f(x)",
            "cs231n/fast.py": "def f(x): return x + 1",
            "train.py": "from cs231n.layers import *\ndef train(x): return conv_forward(x)",
        }
    )
    assert student.conv_forward(1) == 2
    assert student.train(1) == 2


def test_plots_and_progress_bars_change_nothing(submit: Any) -> None:
    """A training loop with both runs as if they were there."""
    student = submit(
        train=(
            "import matplotlib.pyplot as plt\nfrom tqdm import tqdm\nfrom IPython import display\n"
            "plt.rcParams['figure.figsize'] = (10, 8)\n"
            "def train():\n    fig, ax = plt.subplots()\n    total = 0\n"
            "    for i in tqdm(range(4)): total += i\n    ax.plot([total]); plt.show()\n"
            "    return total\n"
        )
    )
    assert student.train() == 6


def test_torch_like_tensors_are_converted_inside(submit: Any) -> None:
    """What detaches and becomes NumPy, and says it is torch's, arrives as an array."""
    student = submit(
        layers=(
            "import numpy as np\nclass Tensor:\n    def detach(self): return self\n"
            "    def cpu(self): return self\n    def numpy(self): return np.ones(2)\n"
            "Tensor.__module__ = 'torch'\ndef conv_forward(): return [Tensor()]\n"
        )
    )
    assert student.conv_forward()[0].tolist() == [1, 1]


def test_a_server_without_the_assignments_framework_is_the_graders_failure(
    server: ForkServer, assignment: Any
) -> None:
    """A student whose course allows torch must not be told that it is not installed."""
    rule = assignment.imports.model_copy(update={"frameworks": {"torch": 20}})
    info = SubmissionInfo(name="t", kind="folder", sha256="0" * 64)
    with pytest.raises(GraderFailure, match="allows torch"):
        Student(server, Workspace(info, (), None), assignment.model_copy(update={"imports": rule}))


def _shoot(server: ForkServer) -> None:
    """End the fork server, and with it all it has started."""
    launcher: Any = server._launcher
    outer = psutil.Process(launcher.pid)
    for process in [*outer.children(recursive=True), outer]:
        with contextlib.suppress(psutil.NoSuchProcess):  # it may die with its parent
            process.kill()


@pytest.fixture
def shot(assignment: Assignment) -> Iterator[tuple[ForkServer, Student]]:
    """A student on a fork server of its own, whose functions have run."""
    sources = {"layers.py": "def conv_forward(x): return x, x\ndef conv_backward(x): return x\n"}
    info = SubmissionInfo(name="test", kind="folder", sha256="0" * 64)
    files = tuple(SourceFile(path, text) for path, text in sources.items())
    with (
        ForkServer.start() as server,
        Student(server, Workspace(info, files, None), assignment) as student,
    ):
        yield server, student


def test_the_end_of_the_fork_server_costs_nobody_marks(shot: tuple[ForkServer, Student]) -> None:
    """Whatever ended it, the request is made once more, in a fresh process of a new server."""
    server, student = shot
    assert student.conv_backward(1) == 1
    _shoot(server)
    assert student.conv_backward(2) == 2


def test_a_new_file_is_loaded_although_the_fork_server_has_ended(
    shot: tuple[ForkServer, Student],
) -> None:
    """A file is not called broken for it."""
    server, student = shot
    assert student._host.names_in("layers.py", "conv_forward")
    student._host.process.imported.clear()  # as if it were another file
    _shoot(server)
    assert student.conv_backward(2) == 2


def test_what_was_kept_is_lost_with_the_fork_server(shot: tuple[ForkServer, Student]) -> None:
    """A handle cannot be had again: its call is stopped, and says that it is not the code's."""
    server, student = shot
    _, kept = student.conv_forward(1, keep=(1,))
    _shoot(server)
    with pytest.raises(Stopped) as stop:
        student.conv_backward(kept)
    assert stop.value.with_server
    assert "marked again" in str(stop.value.help)
    assert student.conv_backward(3) == 3


def test_code_that_ends_the_fork_server_every_time_is_stopped(
    shot: tuple[ForkServer, Student], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second chance is one."""
    server, student = shot
    request = Channel.request

    def shooting(channel: Channel, message: Any, *rest: Any) -> Any:
        if message["op"] == "call":
            _shoot(server)
        return request(channel, message, *rest)

    monkeypatch.setattr(Channel, "request", shooting)
    with pytest.raises(Stopped, match="together with the grader's own"):
        student.conv_backward(1)
