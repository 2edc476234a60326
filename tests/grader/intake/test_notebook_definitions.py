"""Notebooks: which definitions survive, in which order, and what is left out."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.intake.reader.notebook import read_notebook

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
