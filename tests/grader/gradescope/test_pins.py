"""grader/gradescope/pins.py: all that is required on Linux, at the versions of this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import UnusableInput
from grader.gradescope.pins import pinned

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a distribution's record where installed ones are found."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(name: str, version: str, *requires: str, module: str | None = None) -> None:
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {each}" for each in requires]
        (folder / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
        if module:
            (folder / "top_level.txt").write_text(f"{module}\n", encoding="utf-8")
            (folder / "RECORD").write_text(f"{module}/__init__.py,,\n", encoding="utf-8")

    return put


def test_what_packages_require_is_pinned_with_them(install: Install) -> None:
    """Each once, in circles too, under its normal name."""
    install("Zz_One", "1.0", "zz-two>=2")
    install("zz-two", "2.5", "Zz.One")
    assert pinned(["zz-one"]) == ["zz-one==1.0", "zz-two==2.5"]


def test_what_another_system_requires_is_left_out(install: Install) -> None:
    """Built on Windows or on a Mac, it is Linux that counts."""
    install("zz-one", "1.0", "zz-win; sys_platform == 'win32'", "zz-lin; sys_platform == 'linux'")
    install("zz-win", "1.0")
    install("zz-lin", "1.0")
    assert pinned(["zz-one"]) == ["zz-lin==1.0", "zz-one==1.0"]


def test_options_count_where_they_are_asked_for(install: Install) -> None:
    """zz-one[fast] requires more than zz-one; asked for both ways, it is both."""
    install("zz-one", "1.0", "zz-two; extra == 'fast'")
    install("zz-two", "1.0")
    assert pinned(["zz-one"]) == ["zz-one==1.0"]
    assert pinned(["zz-one", "zz-one[fast]"]) == ["zz-one==1.0", "zz-two==1.0"]


def test_what_is_not_installed_is_left_to_pip(install: Install) -> None:
    """Such as what only an older Python needs."""
    install("zz-one", "1.0", "zz-nowhere")
    assert pinned(["zz-one"]) == ["zz-one==1.0"]


def test_frameworks_are_pinned_by_what_provides_them(install: Install) -> None:
    """A build's own label is no version that an index knows; an unknown name is an error."""
    install("zz-torch", "2.13.0+cpu", "zz-two", module="zztorch")
    install("zz-two", "1.0")
    assert pinned([], ["zztorch"]) == ["zz-torch==2.13.0", "zz-two==1.0"]
    with pytest.raises(UnusableInput, match="which package provides zznothing"):
        pinned([], ["zznothing"])
