"""Files that come with goldgrad but live outside the package: template, public bundles, data.

In a checkout they are read where they lie; a wheel carries copies under ``grader/_shipped``
(see ``[tool.hatch.build.targets.wheel.force-include]`` in pyproject.toml).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from grader.errors import GraderFailure

_PACKAGE = Path(__file__).resolve().parent
_IN_CHECKOUT = {
    "student_template": "student_template",
    "bundles": "fixtures/bundles",
    "data": "fixtures/data",
}


def shipped(what: Literal["student_template", "bundles", "data"]) -> Path:
    """The folder with these files.

    Raises:
        GraderFailure: the installation is incomplete.
    """
    for folder in (_PACKAGE / "_shipped" / what, _PACKAGE.parent / _IN_CHECKOUT[what]):
        if folder.is_dir():
            return folder
    raise GraderFailure(f"the installed goldgrad lacks its {what}", hint="install goldgrad again")
