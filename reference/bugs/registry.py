"""All registered bugs, in one fixed order.

Where only a part of the outputs can be judged (the loss of a student whose gradient is unwritten),
two bugs may explain it. The order is that in which they should be named: a bug that changes that
part alone comes before one that changes another part with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reference.bugs.activations import registry as activations
from reference.bugs.affine import registry as affine
from reference.bugs.architectures import registry as architectures
from reference.bugs.augmentation import registry as augmentation
from reference.bugs.blocks import registry as blocks
from reference.bugs.bug import Bug
from reference.bugs.classifiers import registry as classifiers
from reference.bugs.convolution import registry as convolution
from reference.bugs.cs231n import registry as cs231n
from reference.bugs.dropout import registry as dropout
from reference.bugs.gradient_check import registry as gradient_check
from reference.bugs.initialisers import registry as initialisers
from reference.bugs.kernels import registry as kernels
from reference.bugs.losses import registry as losses
from reference.bugs.normalisation import registry as normalisation
from reference.bugs.optimizers import registry as optimizers
from reference.bugs.pooling import registry as pooling
from reference.bugs.preprocessing import registry as preprocessing
from reference.bugs.schedules import registry as schedules
from reference.bugs.search import registry as search
from reference.bugs.sheet import Family
from reference.bugs.two_layer import registry as two_layer

FAMILIES: tuple[Family, ...] = (
    *two_layer.FAMILIES,
    *convolution.FAMILIES,
    *pooling.FAMILIES,
    *affine.FAMILIES,
    *activations.FAMILIES,
    *normalisation.FAMILIES,
    *dropout.FAMILIES,
    *blocks.FAMILIES,
    *losses.FAMILIES,
    *gradient_check.FAMILIES,
    *optimizers.FAMILIES,
    *schedules.FAMILIES,
    *initialisers.FAMILIES,
    *preprocessing.FAMILIES,
    *augmentation.FAMILIES,
    *kernels.FAMILIES,
    *classifiers.FAMILIES,
    *search.FAMILIES,
    *architectures.FAMILIES,
    *cs231n.FAMILIES,
)
"""Every function of the solution belongs to one of them."""

ALL_BUGS: tuple[Bug, ...] = (
    *two_layer.BUGS,
    *convolution.BUGS,
    *pooling.BUGS,
    *affine.BUGS,
    *activations.BUGS,
    *normalisation.BUGS,
    *dropout.BUGS,
    *blocks.BUGS,
    *losses.BUGS,
    *gradient_check.BUGS,
    *optimizers.BUGS,
    *schedules.BUGS,
    *initialisers.BUGS,
    *preprocessing.BUGS,
    *augmentation.BUGS,
    *kernels.BUGS,
    *classifiers.BUGS,
    *search.BUGS,
    *architectures.BUGS,
    *cs231n.BUGS,
)

BUGS: Mapping[str, Bug] = MappingProxyType({bug.id: bug for bug in ALL_BUGS})
"""Bug id -> bug."""
