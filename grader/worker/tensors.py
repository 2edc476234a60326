"""Tensors of the large frameworks as arrays, recognised by what they can do.

No framework is imported here: only code that has imported one can hold its tensors.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_FRAMEWORKS = ("torch", "tensorflow", "jax", "jaxlib")


def as_array(value: Any) -> NDArray[Any] | None:
    """The tensor as an array, or None for what is no tensor or cannot be converted."""
    if type(value).__module__.partition(".")[0] not in _FRAMEWORKS:
        return None
    try:
        if hasattr(value, "detach"):  # torch refuses numpy() on a tensor that needs gradients
            value = value.detach().cpu()
        array = value.numpy() if hasattr(value, "numpy") else np.asarray(value)
    except Exception:  # noqa: BLE001  the framework's own errors are unknown here
        return None
    return array if isinstance(array, np.ndarray) else None
