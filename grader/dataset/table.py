"""The dataset as a table of numbers, read strictly from its text form and written back.

One sample a line: the inputs, then the class 1..C, separated by blanks. A file that is off in any
way is refused with the number of the line, because training on a silently misread file would cost
students points.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.assignment import DatasetRule
from grader.errors import BadDataset

MAX_BYTES = 20_000_000
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_CLASS = re.compile(r"\d{1,9}")


@dataclass(frozen=True, eq=False)
class Dataset:
    """A dataset in memory. The arrays are read-only."""

    name: str
    sha256: str
    """Of the file's bytes."""
    stand_in: bool
    """Whether this is the bundled stand-in for the published file."""
    X: NDArray[np.float64]
    """Inputs, (N, D)."""
    y: NDArray[np.int64]
    """Classes 0..C-1, (N,). The file counts them from 1."""
    train: int
    """The first so many lines are for training, the others for test."""

    @property
    def X_train(self) -> NDArray[np.float64]:  # noqa: N802 - X is the field's own name
        """Inputs of the training lines."""
        return self.X[: self.train]

    @property
    def y_train(self) -> NDArray[np.int64]:
        """Classes of the training lines."""
        return self.y[: self.train]

    @property
    def X_test(self) -> NDArray[np.float64]:  # noqa: N802 - X is the field's own name
        """Inputs of the test lines."""
        return self.X[self.train :]

    @property
    def y_test(self) -> NDArray[np.int64]:
        """Classes of the test lines."""
        return self.y[self.train :]


def read_dataset(path: Path, rule: DatasetRule, *, stand_in: bool = False) -> Dataset:
    """The dataset in a file that has the rule's shape.

    The hash is recorded, not compared: an instructor may use another file of the same shape; the
    dataset's name then says so.

    Raises:
        BadDataset: it cannot be read or is not such a table; names the line.
    """
    content = read_content(path)
    X, y = parse_dataset(content, rule, path.name)
    digest = hashlib.sha256(content).hexdigest()
    published = stand_in or digest == rule.sha256
    name = path.name if published else f"{path.name} (not the assignment's published file)"
    return Dataset(name, digest, stand_in, X, y, rule.train)


def read_content(path: Path) -> bytes:
    """A dataset file's bytes.

    Raises:
        BadDataset: it cannot be read, or is far too large to be a dataset.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadDataset(f"{path} is larger than {MAX_BYTES // 1_000_000} MB: not a dataset")
        return path.read_bytes()
    except OSError as error:
        raise BadDataset(
            f"cannot read the dataset {path}: {error.strerror}",
            hint="a dataset is named by --dataset, --file or GOLDGRAD_DATASET; is the path right?",
        ) from error


def parse_dataset(
    content: bytes, rule: DatasetRule, source: str = "dataset"
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Inputs (N, D) and classes 0..C-1 (N,), N = rule.train + rule.test.

    Several blanks, blanks at the end of a line, CRLF and empty lines at the end are accepted.

    Raises:
        BadDataset: names the line that is wrong, or the number of lines.
    """
    lines = _lines(content, source)
    wanted = rule.train + rule.test
    if len(lines) != wanted:
        raise BadDataset(
            f"{source} has {len(lines)} lines; expected {wanted}",
            hint=f"the first {rule.train} are for training, the next {rule.test} for test",
        )
    rows = [_row(line, rule, f"{source}:{i}") for i, line in enumerate(lines, start=1)]
    X = np.array([inputs for inputs, _ in rows], dtype=np.float64)
    y = np.array([label for _, label in rows], dtype=np.int64)
    X.setflags(write=False)
    y.setflags(write=False)
    return X, y


def format_dataset(X: NDArray[np.float64], y: NDArray[np.int64]) -> str:
    """The text form of inputs (N, D) and classes 0..C-1 (N,): four decimals, classes from 1."""
    rows = zip(X.tolist(), y.tolist(), strict=True)
    return "".join(
        " ".join([*(f"{value:.4f}" for value in inputs), str(label + 1)]) + "\n"
        for inputs, label in rows
    )


def _lines(content: bytes, source: str) -> list[str]:
    raw = content.replace(b"\r\n", b"\n").rstrip(b"\n \t").split(b"\n")
    if raw == [b""]:
        raise BadDataset(f"{source} is empty")
    lines = []
    for number, line in enumerate(raw, start=1):
        try:
            lines.append(line.decode("ascii"))
        except UnicodeDecodeError as error:
            odd = line[error.start]
            raise BadDataset(
                f"{source}:{number}: byte 0x{odd:02X} is not ASCII",
                hint="is this a text file, saved without a byte-order mark?",
            ) from error
    return lines


def _row(line: str, rule: DatasetRule, place: str) -> tuple[list[float], int]:
    fields = [field for field in re.split(r"[ \t]+", line) if field]
    if len(fields) != rule.inputs + 1:
        raise BadDataset(
            f"{place}: {len(fields)} values; expected {rule.inputs} inputs and a class"
        )
    *inputs, label = fields
    for column, field in enumerate(inputs, start=1):
        if not _NUMBER.fullmatch(field) or not np.isfinite(float(field)):
            raise BadDataset(f"{place}: value {column} is {field[:30]!r}, not a finite number")
    if not _CLASS.fullmatch(label) or not 1 <= int(label) <= rule.classes:
        raise BadDataset(f"{place}: the class is {label[:30]!r}, not one of 1..{rule.classes}")
    return [float(field) for field in inputs], int(label) - 1
