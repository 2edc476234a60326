"""Student modules from text in memory: lookup, independence, imports."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from grader.worker.loader import Submission
from grader.worker.rules import ImportRules
from grader.worker.stand_ins import RefusedImport

_RULES = ImportRules(
    allow=["numpy", "math", "random", "os", "dataclasses", "typing", "builtins", "torchlike"],
    inert=["matplotlib", "tqdm"],
)


@pytest.fixture(autouse=True)
def _modules_as_before() -> Iterator[None]:
    """Outside the wall, what is loaded here is forgotten again."""
    before = dict(sys.modules)
    yield
    for name in set(sys.modules) - set(before):
        del sys.modules[name]


def _submission(**sources: str) -> Submission:
    """In keyword names, ``_in_`` stands for the slash and ``init`` for ``__init__``."""
    names = {n: n.replace("_in_", "/").replace("init", "__init__") for n in sources}
    return Submission({f"{names[n]}.py": text for n, text in sources.items()}, _RULES)


@pytest.mark.parametrize(
    "statement",
    [
        "from ..helpers import use",
        "from .. import helpers\nuse = helpers.use",
        "from cs231n.helpers import *",
        "from cs231n import helpers\nuse = helpers.use",
        "try:\n    from ..helpers import use\nexcept ImportError:\n    use = None",
        "from helpers import use",
    ],
)
def test_what_the_course_hands_out_lies_beside_what_asks_for_it(statement: str) -> None:
    """Of two assignments in a folder, it calls the functions of the one that imports it."""
    rules = ImportRules(["numpy"], provided={"helpers": "from .layers import own\nuse = own\n"})
    sources = {
        f"{place}/cs231n/{path}": text
        for place in ("a1", "a2")
        for path, text in {
            "layers.py": f"def own(): return {place!r}",
            "nets/net.py": statement,
            "nets/layers.py": f"def own(): return {place!r}",
        }.items()
    }
    submission = Submission(sources, rules)
    assert [submission.module(f"{a}/cs231n/nets/net.py").use() for a in ("a2", "a1")] == [
        "a2",
        "a1",
    ]
    assert {*submission.sources} == {*sources}


def test_what_is_handed_out_does_no_function_s_work_that_is_on_trial() -> None:
    """A net may call it, and a layer that is to be written may not, by whatever way."""
    rules = ImportRules([], provided={"fast": "def conv(x): return x\n"}, provided_to=["Net"])
    text = "from fast import conv, conv as naive\ndef layer(x): return conv(x)\n"
    submission = Submission({"layers.py": text}, rules)
    module = submission.module("layers.py")
    submission.entered = "Net"
    assert module.layer(3) == 3
    submission.entered = "layer"
    for function in (module.layer, module.naive):
        with pytest.raises(
            RefusedImport, match="conv is handed out for Net; layer is to do without"
        ):
            function(3)


def test_a_file_of_the_student_s_own_goes_before_what_is_handed_out() -> None:
    """Also one in another folder."""
    rules = ImportRules([], provided={"helpers": "x = 'handed out'"})
    sources = {"net.py": "from helpers import x", "more/helpers.py": "x = 'own'"}
    assert Submission(sources, rules).module("net.py").x == "own"


def test_modules_import_each_other_by_name_star_and_relatively() -> None:
    """The import forms that homework uses all find files of the submission."""
    s = _submission(
        layers="def conv(): return 'conv'\n_hidden = 1",
        pkg_in_layers="def conv(): return 'pkg conv'",
        pkg_in_net=(
            "from .layers import conv as a\nfrom . import layers as b\nimport layers as c\n"
            "import pkg.layers\nimport pkg.layers as d\nfrom pkg import layers as e\n"
            "from ..layers import conv as f\nfrom pkg.layers import *"
        ),
        main="from layers import *\nimport pkg.net as net",
    )
    net = s.module("pkg/net.py")
    assert net.a() == "pkg conv"
    assert net.b.conv() == "pkg conv"
    assert net.c.conv() == "pkg conv"  # the file beside it comes first, as for a script
    assert net.pkg.layers.conv() == net.d.conv() == net.e.conv() == "pkg conv"
    assert net.f() == "conv"
    main = s.module("main.py")
    assert main.conv() == "conv"
    assert not hasattr(main, "_hidden")
    assert main.net is net


def test_a_package_that_was_not_handed_in_is_found_by_its_files_name() -> None:
    """``from cs231n.layers import *`` works when only layers.py is there."""
    s = _submission(layers="x = 1", a="from cs231n.layers import *\nimport cs231n.layers\n")
    module = s.module("a.py")
    assert module.x == 1
    assert module.cs231n.layers.x == 1


def test_a_package_whose_init_fails_does_not_sink_its_modules() -> None:
    """__init__.py runs only when something in it is asked for; then its failure is told."""
    s = _submission(
        pkg_in_init="from .broken import y",
        pkg_in_broken="1 / 0",
        pkg_in_good="x = 1",
        a="from pkg.good import x\nimport pkg.good",
        b="from pkg import y",
    )
    assert s.module("a.py").x == 1
    with pytest.raises(ZeroDivisionError):
        s.module("b.py")


def test_names_of_a_packages_init_are_there_when_asked_for() -> None:
    """Import pkg; pkg.name, from pkg import name and star all see what __init__.py binds."""
    s = _submission(
        pkg_in_init="from .inner import f\nz = 3",
        pkg_in_inner="def f(): return 2",
        a="import pkg\nfrom pkg import z\ndef g(): return pkg.f() + z",
        b="from pkg import *\ndef g(): return f() + z",
    )
    assert s.module("a.py").g() == 5
    assert s.module("b.py").g() == 5


def test_a_file_named_like_its_package_does_not_import_itself() -> None:
    """``from net import rule`` in net/parts/net.py means the package at the root."""
    s = _submission(
        net_in_init="",
        net_in_rule="def f(): return 'rule'",
        net_in_parts_in_init="",
        net_in_parts_in_net="from net import rule\nfrom net.rule import f",
    )
    assert s.module("net/parts/net.py").f() == "rule"


def test_one_module_that_fails_does_not_sink_another() -> None:
    """Each is loaded by itself, and a failed one can be tried again."""
    s = _submission(good="x = 1", bad="def f(:", worse="1 / 0", uses="import worse")
    for name, error in (("bad", SyntaxError), ("worse", ZeroDivisionError), ("uses", Exception)):
        for _ in range(2):
            with pytest.raises(error):
                s.module(f"{name}.py")
    assert s.module("good.py").x == 1


def test_circular_imports_behave_as_in_python() -> None:
    """A module that is being loaded is seen as far as it is; a name it lacks is an ImportError."""
    s = _submission(
        a="import b\nx = 1\ndef f(): return b.y",
        b="import a\ny = 2",
        c="from d import q\np = 1",
        d="from c import p\nq = 1",
    )
    assert s.module("a.py").f() == 2
    with pytest.raises(ImportError):
        s.module("c.py")


def test_main_blocks_do_not_run() -> None:
    """What stands under ``if __name__ == "__main__"`` is not executed."""
    s = _submission(a="x = 1\nif __name__ == '__main__':\n    x = 2")
    assert s.module("a.py").x == 1


def test_a_students_random_does_not_replace_the_librarys() -> None:
    """A file random.py is the student's for the student, and nobody else's."""
    s = _submission(random="x = 'mine'", a="import random")
    assert s.module("a.py").random.x == "mine"
    assert hasattr(sys.modules["random"], "randint")


def test_numpy_cannot_be_shadowed() -> None:
    """A file numpy.py is not what ``import numpy`` means."""
    s = _submission(numpy="x = 1", a="import numpy as np")
    assert s.module("a.py").np is np


def test_a_folder_of_the_librarys_name_does_not_hide_it() -> None:
    """Only a file or a package with __init__ takes precedence over an allowed module."""
    s = _submission(math_in_notes="x = 1", a="import math\nfrom math import pi")
    assert s.module("a.py").pi == pytest.approx(3.14159, abs=1e-4)


def test_refused_imports_fail_only_where_they_are_used() -> None:
    """A scipy import at the top leaves the other functions alone."""
    s = _submission(
        a=(
            "import scipy.signal\nfrom scipy.signal import convolve2d as c\nimport my_helper\n"
            "def good(): return 1\ndef bad(): return c(1, 2)\n"
            "def worse(): return scipy.signal.convolve2d(1)\ndef lost(): my_helper.f()"
        )
    )
    module = s.module("a.py")
    assert module.good() == 1
    for use in (module.bad, module.worse):
        with pytest.raises(RefusedImport, match=r"'scipy\.signal' may not be imported"):
            use()
    with pytest.raises(RefusedImport, match="'my_helper' is not a file of"):
        module.lost()


@pytest.mark.parametrize(
    "handler",
    [" ImportError", " ModuleNotFoundError as e", " Exception", " (OSError, ImportError)", ""],
)
def test_fallbacks_around_an_import_work(handler: str) -> None:
    """In a try that catches it, a refused import raises."""
    text = f"try:\n    import torch\nexcept{handler}:\n    torch = None"
    assert _submission(a=text).module("a.py").torch is None


def test_a_try_for_something_else_is_no_fallback() -> None:
    """``except ValueError`` around an import does not make it raise."""
    s = _submission(a="try:\n    import torch\nexcept ValueError:\n    pass\nx = 1")
    assert s.module("a.py").x == 1


def test_allowed_but_not_installed_is_said() -> None:
    """A framework that is allowed and absent is told apart from one that is not allowed."""
    s = _submission(a="import torchlike\ndef f(): return torchlike.zeros(1)")
    with pytest.raises(RefusedImport, match="allowed, but not installed"):
        s.module("a.py").f()


def test_input_has_nobody_to_answer() -> None:
    """input() says so instead of waiting."""
    s = _submission(a="def f(): return input('how many epochs?')")
    with pytest.raises(EOFError, match="nobody to answer"):
        s.module("a.py").f()


def test_notebook_names_exist() -> None:
    """Display and get_ipython do nothing."""
    s = _submission(a="display(1)\nget_ipython().run_line_magic('matplotlib', 'inline')\nx = 1")
    assert s.module("a.py").x == 1


def test_dataclasses_and_annotations_work() -> None:
    """What looks its module up by name finds it."""
    s = _submission(
        a=(
            "from __future__ import annotations\nimport dataclasses, typing\n"
            "@dataclasses.dataclass\nclass C:\n    x: int = 1\n"
            "hints = typing.get_type_hints(C)"
        )
    )
    assert s.module("a.py").hints == {"x": int}


def test_tracebacks_have_lines() -> None:
    """The source of every loaded module is where traceback looks for it."""
    _submission(a="x = 1\ny = 2\n").module("a.py")
    assert linecache.getline("a.py", 2) == "y = 2\n"


def test_a_module_that_was_stopped_before_is_refused_with_the_reason() -> None:
    """What imports it fails at once instead of running into the limit again."""
    s = Submission({"a.py": "import b", "b.py": "x = 1"}, _RULES, {"b.py": "it was stopped"})
    with pytest.raises(ImportError, match="it was stopped"):
        s.module("a.py")
