"""Which dataset a submission is trained on."""

from __future__ import annotations

import os
from pathlib import Path

from grader.assignment import DatasetRule
from grader.dataset.cache import cached
from grader.dataset.table import Dataset, read_dataset
from grader.shipped import shipped

VARIABLE = "GOLDGRAD_DATASET"
STAND_IN = "standin.txt"


def find_dataset(rule: DatasetRule, file: Path | None = None) -> Dataset:
    """The first of: ``file``, the environment's GOLDGRAD_DATASET, the cache, the stand-in.

    A file that was named but is no good is an error, never passed over in silence.

    Raises:
        BadDataset: the file cannot be used.
        GraderFailure: no stand-in is installed.
    """
    found = dataset_file(rule, file)
    if found is not None:
        return read_dataset(found, rule)
    return read_dataset(shipped("data") / STAND_IN, rule, stand_in=True)


def dataset_file(rule: DatasetRule, file: Path | None = None) -> Path | None:
    """The file that :func:`find_dataset` reads, unseen; None where it is the stand-in."""
    if file is not None:
        return file
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    return cached(rule)
