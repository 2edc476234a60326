"""grader/cli/golden.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.bundle_file import bundle_sha256, read_bundle
from grader.cli.group import grade


def run(*args: object) -> Result:
    return CliRunner().invoke(grade, ["golden", *map(str, args)])


@pytest.mark.slow
def test_the_public_bundle_is_the_committed_one(tmp_path: Path) -> None:
    """Made anew, the shipped bundle has the same problems and cases."""
    done = run("-o", tmp_path / "public.npz", "--verbose")
    assert done.exit_code == 0, done.output
    made = read_bundle(tmp_path / "public.npz")
    shipped = read_bundle(Path(__file__).parents[3] / "fixtures/bundles/hw3.public.npz")
    assert made.visibility == "public"
    for name, problem in shipped.problems.items():
        assert [c.id for c in made.problems[name].cases] == [c.id for c in problem.cases]
        assert name in done.stdout
    assert bundle_sha256(made) in done.stdout


@pytest.mark.slow
def test_hidden_bundles_follow_their_seed(tmp_path: Path) -> None:
    """Same seed, same bytes; another seed, other inputs."""
    for name, seed in (("a", "x"), ("b", "x"), ("c", "y")):
        done = run("--hidden", "--seed", seed, "-o", tmp_path / name)
        assert done.exit_code == 0, done.output
    contents = [(tmp_path / name).read_bytes() for name in "abc"]
    assert contents[0] == contents[1] != contents[2]
    assert read_bundle(tmp_path / "a").visibility == "hidden"


def test_a_student_kit_makes_no_bundles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the reference: exit code 2 and what students do instead."""
    monkeypatch.setattr("grader.cli.golden.find_oracle", lambda: None)
    done = run("-o", tmp_path / "x")
    assert done.exit_code == 2
    assert "grade check" in done.stderr
    assert not (tmp_path / "x").exists()
