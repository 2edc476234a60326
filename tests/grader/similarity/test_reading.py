"""grader/similarity/reading.py: through intake, many at a time, and nothing is executed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.bad_zips import BAD_ZIPS
from fixtures.samples import load_samples
from grader.assignment import Limits
from grader.similarity.reading import Handed, Unread, read_works
from grader.similarity.work import Work

SAMPLES = load_samples()


def handed(path: Path) -> Handed:
    return Handed(path.stem, frozenset({path.stem}), path)


def test_zips_folders_and_notebooks_are_read(tmp_path: Path) -> None:
    """A notebook's code cells are the modules that marking makes of them."""
    paths = [SAMPLES["good"].write_zip(tmp_path), SAMPLES["notebook"].write_folder(tmp_path)]
    works, unread = read_works([handed(path) for path in paths], Limits(), jobs=1)
    assert [work.name for work in works] == ["good", "notebook"]
    assert {file.notebook for file in works[1].files} == {"hw3.ipynb"}
    assert abs(works[0].tokens - works[1].tokens) < 0.2 * works[0].tokens
    assert unread == []


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """With the reason; the others are compared."""
    broken, empty = tmp_path / "broken.zip", tmp_path / "empty"
    broken.write_bytes(BAD_ZIPS["encrypted"](SAMPLES["good"]))
    empty.mkdir()
    (empty / "report.md").write_text("I did it.")
    good = SAMPLES["good"].write_zip(tmp_path)
    works, unread = read_works([handed(p) for p in (broken, empty, good)], Limits(), jobs=1)
    assert [work.name for work in works] == ["good"]
    assert [each.name for each in unread] == ["broken", "empty"]
    assert all(each.reason for each in unread)


@pytest.mark.slow
def test_processes_read_the_same(tmp_path: Path) -> None:
    """Side by side or one after another, in any order; nothing of a submission is executed."""
    paths = [SAMPLES[name].write_folder(tmp_path) for name in list(SAMPLES)[:9]]
    trace = tmp_path / "trace"
    (paths[0] / "layers.py").write_text(f"open({str(trace)!r}, 'w')\n")
    told: list[int] = []
    alone = read_works([handed(path) for path in paths], Limits(), jobs=1)
    beside = read_works(
        [handed(path) for path in reversed(paths)], Limits(), jobs=2, tell=told.append
    )
    assert told == list(range(1, 10))
    assert [outline(work) for work in alone[0]] == [outline(work) for work in beside[0]]
    assert alone[1] == beside[1]
    assert not trace.exists()


def outline(work: Work) -> tuple[str, int, list[str]]:
    return work.name, work.tokens, [file.path for file in work.files]


def test_unread_is_plain_data() -> None:
    """It goes from one process to another, and into JSON."""
    assert Unread("a", "b") == Unread("a", "b")
