"""What train() returns, taken apart: parameters of the agreed shapes, and a history of losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.compare import as_array, type_name
from grader.result import Finding, Place
from grader.worker.wire import Opaque

Floats = NDArray[np.float64]
_MOST_HIDDEN = 100_000
_CONTRACT = "return params, history with params = {'W1': ..., 'b1': ..., 'W2': ..., 'b2': ...}"


@dataclass(frozen=True)
class TrainingAnswer:
    """Parameters W1 (D, H), b1 (H,), W2 (H, C), b2 (C,), float64 and finite; and the history."""

    params: Mapping[str, Floats]
    as_returned: Mapping[str, Any]
    """What train returned, in the student's own shapes and with further entries, for predict."""
    history: Any
    """What was returned beside them; not yet looked at. None when there is nothing."""
    place: Place | None

    @property
    def hidden_size(self) -> int:
        """H, the number of hidden neurons."""
        return int(self.params["W1"].shape[1])


def read_training_answer(
    value: Any, *, inputs: int, classes: int, place: Place | None
) -> TrainingAnswer | Finding:
    """Check the form of what train() returned; a Finding says what is wrong with it."""
    params, history = value, None
    if isinstance(value, tuple | list) and len(value) == 2:
        params, history = value
    if not isinstance(params, dict):
        what = f"train returned {type_name(value)}; expected params and history"
        return Finding(what=what, place=place, help=_CONTRACT)
    arrays: dict[str, Floats] = {}
    for name in ("W1", "b1", "W2", "b2"):
        array = as_array(params.get(name))
        if array is None or array.dtype.kind not in "biuf":
            found = "is missing" if name not in params else f"is {type_name(params[name])}"
            return Finding(what=f"train: {name} {found}", place=place, help=_CONTRACT)
        arrays[name] = array.astype(np.float64)
    wrong = _wrong_shape(arrays, inputs, classes)
    if wrong is not None:
        return Finding(what=f"train: {wrong}", place=place, help=_CONTRACT)
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            count = int((~np.isfinite(array)).sum())
            what = f"train: {count} values of {name} are not finite"
            hint = "training diverged; a smaller learning rate usually mends that"
            return Finding(what=what, place=place, help=hint)
    arrays["b1"] = arrays["b1"].ravel()
    arrays["b2"] = arrays["b2"].ravel()
    returned = {key: value for key, value in params.items() if not isinstance(value, Opaque)}
    return TrainingAnswer(arrays, returned, history, place)


def _wrong_shape(arrays: Mapping[str, Floats], inputs: int, classes: int) -> str | None:
    hidden = arrays["b1"].size
    if not 1 <= hidden <= _MOST_HIDDEN:
        return f"b1 has {hidden} values"
    expected = {"W1": (inputs, hidden), "W2": (hidden, classes)}
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            found = f"{name} has shape {arrays[name].shape}"
            return f"{found}; with {hidden} biases in b1 it must be {shape}"
    # A bias row (1, H) adds to the scores just as (H,) does.
    for name, size in (("b1", hidden), ("b2", classes)):
        if arrays[name].shape not in {(size,), (1, size)}:
            return f"{name} has shape {arrays[name].shape}; expected ({size},)"
    return None
