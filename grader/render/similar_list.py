"""Where `grade similar` leaves its list, and how long it is: for a page that links to it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

PAGE: Final = "similar.html"
TABLE: Final = "similar.csv"


def listed_pairs(folder: Path) -> int:
    """How many pairs the list in a folder has; 0 where there is no list that can be read."""
    if not (folder / PAGE).is_file():
        return 0
    try:
        with (folder / TABLE).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return max(0, sum(1 for row in csv.reader(file) if row) - 1)
    except (OSError, csv.Error):
        return 0
