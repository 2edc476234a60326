"""Activations: all families and bugs."""

from __future__ import annotations

from reference.bugs.activations.elu import ELU, ELU_BUGS
from reference.bugs.activations.leaky_relu import LEAKY_RELU, LEAKY_RELU_BUGS
from reference.bugs.activations.maxout import MAXOUT, MAXOUT_BUGS
from reference.bugs.activations.prelu import PRELU, PRELU_BUGS
from reference.bugs.activations.relu import RELU, RELU_BUGS
from reference.bugs.activations.sigmoid import SIGMOID, SIGMOID_BUGS
from reference.bugs.activations.tanh import TANH, TANH_BUGS
from reference.bugs.bug import Bug
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (RELU, LEAKY_RELU, PRELU, ELU, SIGMOID, TANH, MAXOUT)

BUGS: tuple[Bug, ...] = (
    *RELU_BUGS,
    *LEAKY_RELU_BUGS,
    *PRELU_BUGS,
    *ELU_BUGS,
    *SIGMOID_BUGS,
    *TANH_BUGS,
    *MAXOUT_BUGS,
)
