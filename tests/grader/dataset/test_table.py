"""grader/dataset/table.py."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assignment import DatasetRule
from grader.dataset.table import MAX_BYTES, format_dataset, parse_dataset, read_dataset
from grader.errors import BadDataset

GOOD = "0.1 0.2 1\n0.3 0.4 2\n0.5 0.6 3\n"
TINY = DatasetRule(
    url="http://localhost/tiny.txt", sha256="0" * 64, inputs=2, classes=3, train=2, test=1
)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", " \n"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(" ", "   "),
        GOOD.replace(" ", "\t"),
        GOOD.rstrip("\n"),
        GOOD + "\n \n",
        "  " + GOOD,
        GOOD.replace("0.1", "1e-1").replace("0.4", ".4"),
    ],
)
def test_harmless_variations_read_alike(text: str) -> None:
    """Blanks, line ends and number forms do not change what is read."""
    X, y = parse_dataset(text.encode(), TINY)
    np.testing.assert_allclose(X, [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    assert y.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "data is empty"),
        ("\n\n", "data is empty"),
        (GOOD + "0.1 0.2 1\n", "data has 4 lines; expected 3"),
        (GOOD.replace("0.3 0.4 2\n", ""), "data has 2 lines; expected 3"),
        (GOOD.replace("0.3 0.4 2\n", "\n"), "data:2: 0 values; expected 2 inputs and a class"),
        (GOOD.replace("0.4 ", ""), "data:2: 2 values"),
        (GOOD.replace("0.4", "nan"), "data:2: value 2 is 'nan', not a finite number"),
        (GOOD.replace("0.4", "1e999"), "data:2: value 2 is '1e999'"),
        (GOOD.replace("0.4", "1_0"), "data:2: value 2 is '1_0'"),
        (GOOD.replace("0.4", "0,4"), "data:2: value 2 is '0,4'"),
        (GOOD.replace(" 2\n", " 0\n"), "data:2: the class is '0', not one of 1..3"),
        (GOOD.replace(" 2\n", " 4\n"), "data:2: the class is '4'"),
        (GOOD.replace(" 2\n", " 2.0\n"), "data:2: the class is '2.0'"),
        ("\ufeff" + GOOD, "data:1: byte 0xEF is not ASCII"),
        (GOOD.replace("0.4", "0.\u0664"), "data:2: byte 0xD9 is not ASCII"),
    ],
)
def test_anything_odd_is_refused_with_its_line(text: str, message: str) -> None:
    """A wrong file never trains anybody's network."""
    with pytest.raises(BadDataset) as caught:
        parse_dataset(text.encode(), TINY, "data")
    assert str(caught.value).startswith(message)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    """No content of a file ends in another exception than BadDataset."""
    try:
        X, y = parse_dataset(content, TINY)
    except BadDataset:
        return
    assert X.shape == (3, 2)
    assert y.shape == (3,)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 2)), min_size=3, max_size=3))
def test_text_form_round_trips(rows: list[tuple[int, int]]) -> None:
    """What format_dataset writes, parse_dataset reads back."""
    X = np.array([[value / 10_000, 0.5] for value, _ in rows])
    y = np.array([label for _, label in rows])
    got_X, got_y = parse_dataset(format_dataset(X, y).encode(), TINY)
    np.testing.assert_array_equal(got_X, X)
    np.testing.assert_array_equal(got_y, y)


def test_splits_and_read_only(tmp_path: Path) -> None:
    """The first lines are for training; nobody can change the data in passing."""
    path = tmp_path / "tiny.txt"
    path.write_text(GOOD)
    data = read_dataset(path, TINY)
    assert data.X_train.shape == (2, 2)
    assert data.y_train.tolist() == [0, 1]
    assert data.X_test.tolist() == [[0.5, 0.6]]
    assert data.y_test.tolist() == [2]
    with pytest.raises(ValueError, match="read-only"):
        data.X_test[0, 0] = 1.0


def test_another_file_of_the_same_shape_is_named_as_such(tmp_path: Path) -> None:
    """An instructor's own file is fine, but the output must not pass it off as the published."""
    path = tmp_path / "own.txt"
    path.write_text(GOOD)
    data = read_dataset(path, TINY)
    assert data.name == "own.txt (not the assignment's published file)"
    published = TINY.model_copy(update={"sha256": data.sha256})
    assert read_dataset(path, published).name == "own.txt"


def test_missing_folder_and_huge_files_are_refused(tmp_path: Path) -> None:
    """What cannot be read is said in one sentence; a huge file is not read at all."""
    with pytest.raises(BadDataset, match="cannot read the dataset"):
        read_dataset(tmp_path / "none.txt", TINY)
    with pytest.raises(BadDataset, match="cannot read the dataset"):
        read_dataset(tmp_path, TINY)
    huge = tmp_path / "huge.txt"
    huge.touch()
    os.truncate(huge, MAX_BYTES + 1)
    with pytest.raises(BadDataset, match="larger than 20 MB"):
        read_dataset(huge, TINY)


def test_the_published_file_reads(rule: DatasetRule) -> None:
    """The homework's own file is what the built-in assignment expects."""
    nearby = Path(__file__).parents[4] / "shared/data/dataset.txt"
    path = Path(os.environ.get("GOLDGRAD_DATASET", nearby))
    if not path.is_file():
        pytest.skip("the published dataset is not here")
    data = read_dataset(path, rule)
    assert data.sha256 == rule.sha256
    assert data.name == path.name
    assert np.bincount(data.y_train).tolist() == [109, 109, 87, 95]
    assert np.bincount(data.y_test).tolist() == [32, 21, 28, 19]
