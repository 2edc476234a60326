"""The reference under the names that students' functions have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from reference.problems import (
    activations,
    affine,
    architectures,
    augmentation,
    blocks,
    dropout,
    gradient_check,
    initialisers,
    kernels,
    losses,
    optimizers,
    preprocessing,
    schedules,
    two_layer,
)
from reference.problems.classifiers import registry as classifiers
from reference.problems.convolution import registry as convolution
from reference.problems.cs231n import registry as cs231n
from reference.problems.normalisation import registry as normalisation
from reference.problems.pooling import registry as pooling
from reference.problems.search import registry as search

_AREAS: tuple[tuple[Callable[..., Any], ...], ...] = (
    two_layer.FUNCTIONS,
    convolution.FUNCTIONS,
    pooling.FUNCTIONS,
    affine.FUNCTIONS,
    activations.FUNCTIONS,
    normalisation.FUNCTIONS,
    dropout.FUNCTIONS,
    blocks.FUNCTIONS,
    losses.FUNCTIONS,
    gradient_check.FUNCTIONS,
    optimizers.FUNCTIONS,
    schedules.FUNCTIONS,
    initialisers.FUNCTIONS,
    preprocessing.FUNCTIONS,
    augmentation.FUNCTIONS,
    kernels.FUNCTIONS,
    classifiers.FUNCTIONS,
    search.FUNCTIONS,
    architectures.FUNCTIONS,
    cs231n.FUNCTIONS,
)

SOLUTION: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {function.__name__: function for functions in _AREAS for function in functions}
)
"""The students' name of a function -> the reference's own."""
