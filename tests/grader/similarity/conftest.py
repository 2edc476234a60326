"""Works of a made-up class: an honest solution, another one, a copy, the template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader.intake.workspace import SourceFile
from grader.similarity.work import Work, work_of

ROOT = Path(__file__).parents[3]
HANDED_IN = ("layers.py", "two_layer_net.py", "train.py")
_NAMES = ("patch", "out_h", "out_w", "top", "left", "xp", "dxp", "hidden", "scores", "grads")
_NAMES += ("batch", "order", "centered", "mean", "params", "history", "output_size", "rest")

Sources = Mapping[str, str]
Make = Callable[..., Work]


def folder(path: str) -> dict[str, str]:
    return {name: (ROOT / path / name).read_text(encoding="utf-8") for name in HANDED_IN}


def disguised(sources: Sources) -> dict[str, str]:
    """As a copy is disguised: other names, no comments, functions in another order, one file."""
    text = "\n".join(sources[name] for name in reversed(HANDED_IN))
    text = re.sub(r"(?m)^\s*#.*\n", "", text)
    text = re.sub(rf"\b({'|'.join(_NAMES)})\b", lambda name: f"my_{name[0][::-1]}", text)
    head, *functions = re.split(r"(?m)^(?=def )", text)
    return {"hw.py": "# all my own work\n" + head + "\n\n".join(reversed(functions))}


@pytest.fixture(scope="session")
def good() -> Sources:
    """An honest solution, in loops."""
    return folder("fixtures/submissions/good")


@pytest.fixture(scope="session")
def others() -> Mapping[str, Sources]:
    """Three more people's, of the same homework."""
    reference = [*(ROOT / "reference/layers").glob("*.py"), ROOT / "reference/two_layer_net.py"]
    return {
        "naive": {"hw.py": (ROOT / "tests/reference/naive/homework.py").read_text("utf-8")},
        "reference": {path.name: path.read_text("utf-8") for path in reference},
        "loops": {
            "hw.py": (ROOT / "tests/reference/bugs/test_students_code.py").read_text("utf-8")
        },
    }


@pytest.fixture(scope="session")
def template() -> Work:
    """What was handed out."""
    return work("template", folder("student_template"), authors=())


def work(name: str, sources: Sources, authors: tuple[str, ...] | None = None) -> Work:
    """Somebody's submission."""
    files = [SourceFile(path, text) for path, text in sources.items()]
    return work_of(name, (name,) if authors is None else authors, files)
