"""Batch normalisation as a table of formulas, on x (N, G, B): N B values of each of G features.

Of a table x is (N, D, 1), of images (N, C, H W). A test holds these formulas against
reference/layers/batch_norm.py.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.bugs.sheet import Family, Formulas, Sheet, Signature

Array = NDArray[Any]


def total(x: Array) -> Array:
    """The sum over all values of each feature: (G, 1)."""
    sums: Array = x.sum(axis=(0, 2))
    return sums[:, np.newaxis]


FORMULAS: Formulas = {
    "x": lambda q: q.image.reshape(*q.image.shape[:2], -1),
    "M": lambda q: q.x.shape[0] * q.x.shape[2],
    "mean": lambda q: total(q.x) / q.M,
    "centred": lambda q: q.x - q.mean,
    "batch_var": lambda q: total(q.centred**2) / q.M,
    "var": lambda q: q.batch_var,
    "std": lambda q: np.sqrt(q.var + q.eps),
    "x_hat": lambda q: q.centred / q.std,
    "out_train": lambda q: q.gamma * q.x_hat + q.beta,
    # ------------------------------------------------------------------------ running statistics
    "batch_mean": lambda q: q.mean,
    "new_mean": lambda q: q.momentum * q.running_mean + (1 - q.momentum) * q.batch_mean,
    "fed_var": lambda q: q.batch_var,
    "new_var": lambda q: q.momentum * q.running_var + (1 - q.momentum) * q.fed_var,
    "updates": lambda q: q.mode == "train",
    # --------------------------------------------------------------------------------- test mode
    "test_mean": lambda q: q.running_mean,
    "test_var": lambda q: q.running_var,
    "test_std": lambda q: np.sqrt(q.test_var + q.eps),
    "test_x_hat": lambda q: (q.x - q.test_mean) / q.test_std,
    "out_test": lambda q: q.gamma * q.test_x_hat + q.beta,
    "out": lambda q: q.out_train if q.mode == "train" else q.out_test,
    # ---------------------------------------------------------------------------------- backward
    "dout": lambda q: q.upstream.reshape(*q.upstream.shape[:2], -1),
    "back_std": lambda q: q.std,
    "back_x_hat": lambda q: q.centred / q.back_std,
    "dbeta": lambda q: total(q.dout),
    "dgamma": lambda q: total(q.dout * q.back_x_hat),
    "dx_hat": lambda q: q.gamma * q.dout,
    "dvar": lambda q: total(q.dx_hat * q.centred) / (-2 * q.back_std**3),
    "dmean": lambda q: -total(q.dx_hat) / q.back_std,
    "direct": lambda q: q.dx_hat / q.back_std,
    "through_var": lambda q: 2 * q.dvar * q.centred / q.M,
    "through_mean": lambda q: q.dmean / q.M,
    "dx": lambda q: q.direct + q.through_var + q.through_mean,
}


def _given(
    x: Array, gamma: Array, beta: Array, bn_param: MutableMapping[str, Any]
) -> dict[str, Any]:
    def running(name: str) -> Array:
        return np.asarray(bn_param.get(name, np.zeros_like(gamma)))[:, np.newaxis]

    return {
        "image": x,
        "gamma": gamma[:, np.newaxis],
        "beta": beta[:, np.newaxis],
        "bn_param": bn_param,
        "mode": bn_param["mode"],
        "eps": bn_param.get("eps", 1e-5),
        "momentum": bn_param.get("momentum", 0.9),
        "running_mean": running("running_mean"),
        "running_var": running("running_var"),
    }


def _forward(q: Sheet) -> tuple[Array, dict[str, Any]]:
    out = q.out.reshape(q.image.shape)
    if q.updates:
        q.bn_param.update(running_mean=q.new_mean[:, 0], running_var=q.new_var[:, 0])
    return out, {name: getattr(q, name) for name in ("image", "gamma", "eps")}


def _back(dout: Array, cache: Mapping[str, Any]) -> dict[str, Any]:
    return {"upstream": dout, **cache}


def _backward(q: Sheet) -> tuple[Array, Array, Array]:
    return q.dx.reshape(q.image.shape), q.dgamma[:, 0], q.dbeta[:, 0]


BATCH_NORM = Family(
    "batch_norm",
    FORMULAS,
    {
        "batchnorm_forward": Signature(_given, _forward),
        "batchnorm_backward": Signature(_back, _backward),
        "batchnorm_backward_alt": Signature(_back, _backward),
        "spatial_batchnorm_forward": Signature(_given, _forward),
        "spatial_batchnorm_backward": Signature(_back, _backward),
    },
)
