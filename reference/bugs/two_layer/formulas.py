"""The two-layer classifier as a table of formulas.

    X (N, D) -> z1 = X W1 + b1 -> h = max(0, z1) -> scores = h W2 + b2 (N, C) -> p = softmax(scores)
    loss = -mean ln p[i, y_i] + reg (Σ W1² + Σ W2²)

A test holds these formulas against reference/two_layer_net.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.bugs.sheet import Family, Formulas, Sheet, Signature
from reference.bugs.softmax_bugs import SOFTMAX_FORMULAS

FORMULAS: Formulas = {
    # -------------------------------------------------------------------------------- forward
    "N": lambda q: len(q.X),
    "C": lambda q: q.W2.shape[1],
    "z1": lambda q: q.X @ q.W1 + q.b1,
    "h": lambda q: np.maximum(q.z1, 0),
    "scores": lambda q: q.h @ q.W2 + q.b2,
    "answer": lambda q: q.scores,  # what forward() returns
    "labels": lambda q: q.scores.argmax(axis=1),
    **SOFTMAX_FORMULAS,
    # ------------------------------------------------------------------------- regularisation
    "penalty": lambda q: q.reg * ((q.W1**2).sum() + (q.W2**2).sum()),
    "loss": lambda q: q.data_loss + q.penalty,
    # ------------------------------------------------------------------------------- backward
    "dW2_data": lambda q: q.h.T @ q.dscores,
    "db2": lambda q: q.dscores.sum(axis=0),
    "dh": lambda q: q.dscores @ q.W2.T,
    "dz1": lambda q: q.dh * (q.z1 > 0),
    "dW1_data": lambda q: q.X.T @ q.dz1,
    "db1": lambda q: q.dz1.sum(axis=0),
    "dpenalty1": lambda q: 2 * q.reg * q.W1,
    "dpenalty2": lambda q: 2 * q.reg * q.W2,
    "dW1": lambda q: q.dW1_data + q.dpenalty1,
    "dW2": lambda q: q.dW2_data + q.dpenalty2,
}


def _given(params: dict[str, Any], X: Any, y: Any = None, reg: float = 0.0) -> dict[str, Any]:
    return {**params, "X": X, "y": y, "reg": reg}


def _loss(q: Sheet) -> tuple[Any, dict[str, Any]]:
    return q.loss, {"W1": q.dW1, "b1": q.db1, "W2": q.dW2, "b2": q.db2}


TWO_LAYER = Family(
    "two_layer",
    FORMULAS,
    {
        "forward": Signature(_given, lambda q: q.answer),
        "loss": Signature(_given, _loss),
        "predict": Signature(_given, lambda q: q.labels),
    },
)
