"""Which modules student code may import, decided by name alone."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Verdict = Literal["own", "allowed", "inert", "forbidden", "missing"]
"""``own`` is a file of the submission; ``missing`` is neither that nor any library we know."""

# Python 2 helpers that homework of some years imports; each is replaced by its Python 3 meaning.
COMPATIBILITY: Final = frozenset({"past", "future", "six"})

# What is none of the standard library's and none of these is taken for a file that was not
# handed in: that is what a student can mend.
_KNOWN_LIBRARIES: Final = frozenset(
    (
        "autograd", "catboost", "cupy", "cv2", "d2l", "datasets", "flax", "gym", "gymnasium",
        "h5py", "imageio", "imblearn", "jax", "jaxlib", "joblib", "keras", "lightgbm",
        "lightning", "mxnet", "networkx", "nltk", "numba", "onnx", "optax", "paddle", "pandas",
        "patsy", "PIL", "plotly", "polars", "psutil", "pyarrow", "pylab", "pytest",
        "pytorch_lightning", "requests", "scipy", "skimage", "sklearn", "spacy", "statsmodels",
        "sympy", "tensorboard", "tensorflow", "theano", "torch", "torchaudio", "torchinfo",
        "torchsummary", "torchtext", "torchvision", "transformers", "wandb", "xgboost", "yaml",
    )
)  # fmt: skip


@dataclass(frozen=True)
class ImportRules:
    """The assignment's lists. An entry covers a module and everything below it."""

    allow: Collection[str]
    inert: Collection[str] = ()
    frameworks: Collection[str] = ()
    provided: Mapping[str, str] = field(default_factory=dict)
    """Modules that the course hands out, by the last part of their name; their texts."""
    provided_to: Collection[str] | None = None
    """The functions and classes, called by the grader, that may use them; None for all."""

    def provides(self, module: str) -> bool:
        """Whether the course hands out a module of this name, in whatever package."""
        return module.rpartition(".")[2] in self.provided

    def verdict(self, module: str) -> Verdict:
        """What an import of ``module`` by student code amounts to, unless it is its own file."""
        if _covered(module, self.frameworks) or _covered(module, self.allow):
            return "allowed"
        if _covered(module, self.inert) or _covered(module, COMPATIBILITY):
            return "inert"
        top = module.partition(".")[0]
        known = top in sys.stdlib_module_names or top in _KNOWN_LIBRARIES
        return "forbidden" if known else "missing"


def _covered(module: str, entries: Collection[str]) -> bool:
    return any(module == entry or module.startswith(entry + ".") for entry in entries)
