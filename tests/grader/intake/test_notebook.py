"""Notebooks: which definitions survive, and where each line came from."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.assignment import Limits
from grader.errors import BadSubmission
from grader.intake import Workspace, open_submission
from grader.intake.listing import Unreadable
from grader.intake.reader.notebook import read_notebook
from grader.intake.reading import read_document

Make = Callable[..., bytes]


def text_of(answer: dict[str, Any], path: str | None = None) -> str:
    """The text of the generated module, or of a file that a cell wrote."""
    lines = next(m["lines"] for m in answer["modules"] if m["path"] == path)
    return "\n".join(text for text, _, _ in lines) + "\n"


def loaded(answer: dict[str, Any]) -> types.SimpleNamespace:
    """The generated module, executed."""
    names: dict[str, Any] = {"__name__": "hw3"}
    exec(compile(text_of(answer), "hw3", "exec"), names)
    return types.SimpleNamespace(**names)


def opened(tmp_path: Path, data: bytes, name: str = "hw3.ipynb") -> Workspace:
    (tmp_path / name).write_bytes(data)
    return open_submission(tmp_path / name, Limits())


def test_a_notebook_becomes_a_module_with_places(tmp_path: Path, notebook: Make) -> None:
    """The whole way: from the file to the cell and line that a finding will name."""
    data = notebook(
        "#md # Report\nThe test accuracy is 93 %.",
        "import numpy as np",
        "%matplotlib inline\nprint('hello')\n\n"
        "def forward(params, X):\n    return X @ params['W1']",
    )
    workspace = opened(tmp_path, data)
    assert workspace.info.kind == "notebook"
    (source,) = workspace.sources
    assert (source.path, source.notebook) == ("hw3.py", "hw3.ipynb")
    line = source.text.split("\n").index("    return X @ params['W1']") + 1
    place = workspace.place("hw3.py", line, "forward")
    assert str(place) == "hw3.ipynb cell 2, line 5, in forward"
    assert workspace.line_text("hw3.py", line) == "return X @ params['W1']"
    assert len(source.origin) == source.text.count("\n")
    assert workspace.report is not None
    assert workspace.report.file == "hw3.ipynb"
    assert "93 %" in workspace.report.text


def test_training_plots_and_file_reading_are_left_out(notebook: Make) -> None:
    """Nothing of the work at the top level runs when the module is imported."""
    module = loaded(
        read_notebook(
            notebook(
                "import numpy as np\nimport matplotlib.pyplot as plt\nimport pandas as pd",
                "data = np.loadtxt('dataset.txt')\nX, y = data[:, :8], data[:, 8]",
                "def double(x):\n    return np.multiply(x, 2)",
                "for epoch in range(10**9):\n    double(epoch)",
                "plt.plot(X)\nassert X.shape == (500, 8)\nwith open('x') as f:\n    f.read()",
                "if True:\n    raise SystemExit",
                "params = train(X, y)\nX.tofile('x')",
            )
        )
    )
    assert module.double(2) == 4
    assert not hasattr(module, "X")
    assert not hasattr(module, "plt"), "an import that nothing kept uses is left out"
    assert not hasattr(module, "pd")


def test_cells_may_stand_in_any_order(notebook: Make) -> None:
    """Imports, constants, base classes, defaults and decorators are found wherever they are."""
    module = loaded(
        read_notebook(
            notebook(
                "class Net(Base):\n    scale = SCALE",
                "@twice\ndef f(x, factor=FACTOR):\n    return np.add(x, factor)",
                "SCALE = FACTOR * 2",
                "def twice(g):\n    return lambda x: g(g(x))",
                "FACTOR = 5",
                "class Base:\n    pass",
                "import numpy as np",
            )
        )
    )
    assert module.f(1) == 11
    assert module.Net.scale == 10
    assert issubclass(module.Net, module.Base)


def test_the_last_definition_wins(notebook: Make) -> None:
    """As if the cells ran downwards."""
    module = loaded(
        read_notebook(
            notebook("def f():\n    return 1", "def f():\n    return 2", "LR = 0.1", "LR = 0.2")
        )
    )
    assert module.f() == 2
    assert module.LR == 0.2


def test_a_variable_does_not_hide_a_function(notebook: Make) -> None:
    """``loss = 0.0`` before a training loop is no new definition of loss()."""
    module = loaded(
        read_notebook(notebook("def loss(p):\n    return 1.5", "loss = 0.0\nloss = loss + 1"))
    )
    assert module.loss(None) == 1.5


def test_another_name_for_a_function_is_kept(notebook: Make) -> None:
    """``loss = fast_loss`` after both is a definition."""
    module = loaded(
        read_notebook(
            notebook(
                "def loss(p):\n    return 1",
                "def fast_loss(p):\n    return 2",
                "loss = fast_loss\nrelu = lambda x: max(x, 0)",
                "class Net:\n    pass\nNet.loss = lambda self: 3",
            )
        )
    )
    assert module.loss(None) == 2
    assert module.relu(-1) == 0
    assert module.Net().loss() == 3


def test_hyperparameters_are_kept(notebook: Make) -> None:
    """As literals, through dict(), from earlier names, and with items set afterwards."""
    module = loaded(
        read_notebook(
            notebook(
                "H = 16\nbatch_size, lr = 32, 0.1",
                "HYPERPARAMETERS = dict(hidden_size=H, batch_size=batch_size, reg=10**-3)",
                "HYPERPARAMETERS['learning_rate'] = lr\nHYPERPARAMETERS['epochs'] = count_epochs()",
            )
        )
    )
    assert module.HYPERPARAMETERS == {
        "hidden_size": 16,
        "batch_size": 32,
        "reg": 0.001,
        "learning_rate": 0.1,
    }


def test_constants_made_by_harmless_calls_are_kept_when_needed(notebook: Make) -> None:
    """np.array, comprehensions and a random generator are; reading a file is not."""
    module = loaded(
        read_notebook(
            notebook(
                "import numpy as np\nfrom numpy import zeros as z",
                "centres = np.array([1.0, 2.0])\nrng = np.random.default_rng(0)\nw = z(3)",
                "sizes = [2**k for k in range(3)]\nunused = np.zeros(3)",
                "class Layer:\n    def forward(self, x):\n        return x + centres",
                "layer = Layer()",
                "def conv_forward(x):\n    return layer.forward(x) + w[0] + sizes[1]",
                "def init():\n    return rng.normal()",
            )
        )
    )
    assert module.conv_forward(0.0).tolist() == [3.0, 4.0]
    assert np.isfinite(module.init())
    assert not hasattr(module, "unused")


def test_a_name_that_only_the_top_level_computes_is_reported(notebook: Make) -> None:
    """The function will fail without it; the student is told why, before it does."""
    answer = read_notebook(
        notebook(
            "import numpy as np",
            "X_train = np.loadtxt('dataset.txt')",
            "def train(X, y, n=3):\n    return X_train.mean() + n",
            "def fine(X_train):\n    return X_train",
        )
    )
    (note,) = answer["notes"]
    assert note.startswith("train() needs X_train, which only cell 2 computes")


def test_magics_and_shell_lines_are_removed(notebook: Make) -> None:
    """Line numbers stay; a body that is Python stays; other languages go."""
    answer = read_notebook(
        notebook(
            "%load_ext autoreload\n%autoreload 2\n!pip install \\\n    torch\nimport math",
            "%%time\ndef f():\n    if True:\n        %timeit 1\n    return math.pi",
            "%%bash\nrm -rf /",
            "np.zeros?\nfiles = !ls\n?np\ndef g():\n    return 1",
            "def h(x):\n    return (100\n            % x)",
        )
    )
    module = loaded(answer)
    assert module.f() == pytest.approx(3.14159265)
    assert module.g() == 1
    assert module.h(7) == 2
    assert answer["notes"] == []
    lines = answer["modules"][0]["lines"]
    assert ["def f():", 2, 2] in lines
    assert ["def g():", 4, 4] in lines


def test_a_cell_with_a_syntax_error_costs_only_itself(notebook: Make) -> None:
    """It is named with cell and line."""
    answer = read_notebook(notebook("def f():\n    return 1", "x = 1\ndef g(:\n    pass", "y = 2"))
    assert loaded(answer).f() == 1
    (note,) = answer["notes"]
    assert note.startswith("cell 2, line 2: syntax error")


def test_a_statement_that_does_not_compile_costs_only_itself(notebook: Make) -> None:
    """Some errors show only when Python compiles what it has parsed."""
    answer = read_notebook(
        notebook("def f():\n    return 1\ndef g():\n    nonlocal q\n    return q\nreturn 5")
    )
    module = loaded(answer)
    assert module.f() == 1
    assert not hasattr(module, "g")
    assert answer["notes"][0].startswith("cell 1, line 4: syntax error")


def test_imports_are_cut_to_what_is_used(notebook: Make) -> None:
    """A forbidden import that only plots use must not sink the functions."""
    answer = read_notebook(
        notebook(
            "from __future__ import annotations",
            "import numpy as np, pandas as pd\nfrom google.colab import drive",
            "try:\n    import cupy as cp\nexcept ImportError:\n    cp = None",
            "from layers import *",
            "def f(x):\n    return np.abs(x)",
        )
    )
    assert text_of(answer).splitlines() == [
        "from __future__ import annotations",
        "import numpy as np",
        "from layers import *",
        "def f(x):",
        "    return np.abs(x)",
    ]


def test_statements_that_share_a_line_are_taken_apart(notebook: Make) -> None:
    """``a = 1; plot(); b = 2`` keeps the first and the last."""
    answer = read_notebook(notebook("Ä = 1; plot(); B = 'ü'  # remark\ndef f(): return Ä, B"))
    assert loaded(answer).f() == (1, "ü")


def test_files_that_cells_write_are_sources(tmp_path: Path, notebook: Make) -> None:
    """``%%writefile layers.py`` hands in layers.py, whole, with its places in the notebook."""
    workspace = opened(
        tmp_path,
        notebook(
            "%%writefile layers.py\nimport numpy as np\nprint('kept')\ndef relu(x):\n    return x",
            "%%writefile -a layers.py\ndef more():\n    pass",
            "%%writefile ../../evil.py\nx = 1",
            "from layers import relu\ndef f(x):\n    return relu(x)",
        ),
    )
    assert [source.path for source in workspace.sources] == ["hw3.py", "layers.py"]
    layers = workspace.sources[1]
    assert "print('kept')" in layers.text
    line = layers.text.split("\n").index("def more():") + 1
    assert str(workspace.place("layers.py", line)) == "hw3.ipynb cell 2, line 2"


def test_a_module_never_takes_the_place_of_a_file(
    make_zip: Callable[..., Path], notebook: Make
) -> None:
    """hw3.ipynb beside hw3.py becomes hw3_notebook.py; a name like random.py is avoided, too."""
    path = make_zip(
        [
            ("hw3.py", "x = 1\n"),
            ("hw3.ipynb", notebook("def f():\n    return 1")),
            ("random.ipynb", notebook("def g():\n    return 1")),
        ]
    )
    workspace = open_submission(path, Limits())
    assert [source.path for source in workspace.sources] == [
        "hw3.py",
        "hw3_notebook.py",
        "random_notebook.py",
    ]
    assert workspace.info.files == ["hw3.py", "hw3.ipynb", "random.ipynb"]


COLAB = """# -*- coding: utf-8 -*-
\"\"\"hw3.ipynb

Automatically generated by Colab.
\"\"\"

!pip install torch

# Commented out IPython magic to ensure Python compatibility.
# %matplotlib inline
import numpy as np
import matplotlib.pyplot as plt
from google.colab import drive
drive.mount('/content/drive')
H = 16; data = np.loadtxt('dataset.txt')

def forward(params, X):
    return np.maximum(X, 0) * H

plt.plot(data)
"""
JUPYTER = """#!/usr/bin/env python
# In[1]:
get_ipython().run_line_magic('matplotlib', 'inline')
import numpy as np
# In[ ]:
def forward(params, X):
    return np.maximum(X, 0)
forward(None, open('x'))
"""


@pytest.mark.parametrize(("text", "line"), [(COLAB, 17), (JUPYTER, 6)])
def test_an_exported_notebook_keeps_its_definitions_in_their_lines(
    tmp_path: Path, text: str, line: int
) -> None:
    """A .py saved by Colab or Jupyter is not sunk by its magics, and its line numbers stay."""
    (tmp_path / "hw3.py").write_text(text)
    workspace = open_submission(tmp_path / "hw3.py", Limits())
    (source,) = workspace.sources
    assert workspace.line_text("hw3.py", line) == "def forward(params, X):"
    names: dict[str, Any] = {}
    exec(compile(source.text, "hw3", "exec"), names)
    assert names["forward"](None, -1) == 0
    assert "plt" not in names
    assert any("is an exported notebook" in note for note in workspace.notes)


def test_an_exported_notebook_with_a_syntax_error_stays_as_it_is(tmp_path: Path) -> None:
    """So that the error is shown where the file is loaded."""
    (tmp_path / "hw3.py").write_text("# In[1]:\ndef f(:\n    pass\n")
    workspace = open_submission(tmp_path / "hw3.py", Limits())
    assert workspace.sources[0].text == "# In[1]:\ndef f(:\n    pass\n"


def test_notebooks_of_format_3_are_upgraded(tmp_path: Path) -> None:
    """Old course material still has them."""
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {
                        "cell_type": "code",
                        "input": ["def f():\n", "    return 3"],
                        "language": "python",
                        "metadata": {},
                        "outputs": [],
                        "collapsed": False,
                        "prompt_number": 1,
                    },
                    {"cell_type": "markdown", "metadata": {}, "source": "# Report"},
                ],
            }
        ],
    }
    workspace = opened(tmp_path, json.dumps(old).encode())
    assert workspace.sources[0].text == "def f():\n    return 3\n"
    assert workspace.report is not None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a notebook"),
        (b"not json", "not a notebook"),
        (b"\xff\xfe\x00", "not a notebook"),
        (b"[]", "not a notebook"),
        (b'{"nbformat": 4}', "not a notebook"),
        (b'{"nbformat": 3}', "too old"),
        (
            b'{"nbformat": 4, "cells": [1, {"cell_type": 7}, {"cell_type": "code", "source": 5}]}',
            "defines no function",
        ),
        (b"[" * 100_000, "too deeply nested"),
        (b'{"nbformat": 4, "cells": [' + b"{}," * 5001 + b"{}]}", "more than 5000 cells"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(
    tmp_path: Path, data: bytes, said: str
) -> None:
    """A damaged file is a bad submission, not a crash."""
    with pytest.raises(BadSubmission) as caught:
        opened(tmp_path, data)
    assert said in str(caught.value)
    assert "hw3.ipynb" in str(caught.value)


def test_a_notebook_in_another_language_is_told(tmp_path: Path, notebook: Make) -> None:
    """R and Julia use the same format."""
    with pytest.raises(BadSubmission, match="written in R"):
        opened(tmp_path, notebook("f <- function(x) x", language="R"))


@pytest.mark.parametrize(
    "cell",
    [
        "x = " + "(" * 5000 + ")" * 5000,
        "x = " + "-" * 200_000 + "1",
        "x = 1" + "+1" * 100_000,
        "x" + ".a" * 100_000 + " = 1",
        "x = '\\d'  # an escape that Python warns about",
    ],
)
def test_hostile_code_costs_its_cell_at_most(tmp_path: Path, notebook: Make, cell: str) -> None:
    """Parsing happens in a child with limits: the grader survives, other cells too."""
    workspace = opened(tmp_path, notebook(cell, "def f():\n    return 1"))
    assert any("def f():" in source.text for source in workspace.sources)


def test_the_reading_process_stays_small() -> None:
    """It loads neither the models of the grader nor a library that the document does not need."""
    program = (
        "import sys; import grader.intake.reader.__main__, grader.intake.reader.notebook;"
        "print([m for m in ('pydantic', 'numpy', 'nbformat', 'pypdf', 'docx') if m in sys.modules])"
    )
    root = str(Path(__file__).parents[3])
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "[]"


def test_a_child_that_is_stopped_is_an_unreadable_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that outruns its CPU limit costs the document, not the grader."""
    from grader.intake import reading

    monkeypatch.setattr(reading, "_CPU_SECONDS", 1)
    source = "\n".join(f"f{n} = lambda: {n}" for n in range(400_000))
    cells = [{"cell_type": "code", "source": source}]
    data = json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()
    with pytest.raises(Unreadable, match="too long or too much memory"):
        read_document("notebook", data)
