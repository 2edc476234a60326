"""Update rules: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.optimizers.adam import ADAM, ADAM_BUGS
from reference.bugs.optimizers.lbfgs import LBFGS, LBFGS_BUGS
from reference.bugs.optimizers.momentum import (
    ALEXNET,
    ALEXNET_BUGS,
    MOMENTUM,
    MOMENTUM_BUGS,
    NESTEROV,
    NESTEROV_BUGS,
)
from reference.bugs.optimizers.scaled import ADAGRAD, ADAGRAD_BUGS, RMSPROP, RMSPROP_BUGS
from reference.bugs.optimizers.sgd import SGD, SGD_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (
    SGD,
    MOMENTUM,
    NESTEROV,
    ADAGRAD,
    RMSPROP,
    ADAM,
    ALEXNET,
    LBFGS,
)

BUGS: tuple[Bug, ...] = (
    *SGD_BUGS,
    *MOMENTUM_BUGS,
    *NESTEROV_BUGS,
    *ADAGRAD_BUGS,
    *RMSPROP_BUGS,
    *ADAM_BUGS,
    *ALEXNET_BUGS,
    *LBFGS_BUGS,
)
