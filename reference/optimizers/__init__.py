"""Update rules: a file each, all of CS231n's form ``(w, dw, config) -> w, config``.

A rule keeps what it remembers from step to step in the config that it returns; what is absent there
takes its default. Neither w nor the given config is changed.
"""

from reference.optimizers.adagrad import adagrad
from reference.optimizers.adam import adam
from reference.optimizers.alexnet import alexnet_update
from reference.optimizers.lbfgs import lbfgs_direction
from reference.optimizers.momentum import nesterov_momentum, sgd_momentum
from reference.optimizers.rmsprop import rmsprop
from reference.optimizers.sgd import sgd

__all__ = [
    "adagrad",
    "adam",
    "alexnet_update",
    "lbfgs_direction",
    "nesterov_momentum",
    "rmsprop",
    "sgd",
    "sgd_momentum",
]
