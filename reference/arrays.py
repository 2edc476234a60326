"""The array types of the solution.

Floating arrays keep their precision: float64 in, float64 out; float32 in, float32 out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]
Params = dict[str, Array]
