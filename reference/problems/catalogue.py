"""All problems by name, and the areas of the course that they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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
from reference.problems.plan import ProblemPlan
from reference.problems.pooling import registry as pooling
from reference.problems.search import registry as search

AREAS: Mapping[str, tuple[ProblemPlan, ...]] = MappingProxyType(
    {
        "two_layer": two_layer.PROBLEMS,
        "convolution": convolution.PROBLEMS,
        "pooling": pooling.PROBLEMS,
        "affine": affine.PROBLEMS,
        "activations": activations.PROBLEMS,
        "normalisation": normalisation.PROBLEMS,
        "dropout": dropout.PROBLEMS,
        "blocks": blocks.PROBLEMS,
        "losses": losses.PROBLEMS,
        "gradient_check": gradient_check.PROBLEMS,
        "optimizers": optimizers.PROBLEMS,
        "schedules": schedules.PROBLEMS,
        "initialisers": initialisers.PROBLEMS,
        "preprocessing": preprocessing.PROBLEMS,
        "augmentation": augmentation.PROBLEMS,
        "kernels": kernels.PROBLEMS,
        "classifiers": classifiers.PROBLEMS,
        "search": search.PROBLEMS,
        "architectures": architectures.PROBLEMS,
        "cs231n": cs231n.PROBLEMS,
    }
)
"""Area -> its problems, in the order in which they are taught."""

CATALOGUE: Mapping[str, ProblemPlan] = MappingProxyType(
    {plan.name: plan for plans in AREAS.values() for plan in plans}
)
"""Problem name -> problem."""
