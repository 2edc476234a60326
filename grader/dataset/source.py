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
    named = file or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is not None:
        return read_dataset(named, rule)
    fetched = cached(rule)
    if fetched is not None:
        return read_dataset(fetched, rule)
    return read_dataset(shipped("data") / STAND_IN, rule, stand_in=True)
