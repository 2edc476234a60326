"""Which dataset a submission is trained on."""

from __future__ import annotations

import os
from pathlib import Path

from grader.assignment import DatasetRule
from grader.dataset.cache import cached
from grader.dataset.table import Dataset, read_dataset
from grader.errors import BadDataset
from grader.shipped import shipped

VARIABLE = "GOLDGRAD_DATASET"
STAND_IN = "standin.txt"
NO_DATASET = "the assignment has no dataset: nothing in it is trained"


def find_dataset(rule: DatasetRule | None, file: Path | None = None) -> Dataset | None:
    """The first of: ``file``, the environment's GOLDGRAD_DATASET, the cache, the stand-in.

    None for an assignment without a dataset. A file that was named but is no good is an error,
    never passed over in silence.

    Raises:
        BadDataset: the file cannot be used; or there is none, and the stand-in has another shape.
        GraderFailure: no stand-in is installed.
    """
    if rule is None:
        if file is not None:
            raise BadDataset(NO_DATASET, hint="leave --dataset out")
        return None
    found = dataset_file(rule, file)
    if found is not None:
        return read_dataset(found, rule)
    try:
        return read_dataset(shipped("data") / STAND_IN, rule, stand_in=True)
    except BadDataset as error:
        # Nobody has heard of that file: it has the shape of the built-in homework's data.
        raise BadDataset(
            "the assignment's dataset is not here, and the bundled stand-in does not fit it",
            hint=f"fetch it with `grade dataset`, or give it with --dataset ({rule.url})",
        ) from error


def dataset_file(rule: DatasetRule | None, file: Path | None = None) -> Path | None:
    """The file that :func:`find_dataset` reads, unseen; None where it is the stand-in, or none."""
    if rule is None:
        return None
    if file is not None:
        return file
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    return cached(rule)
