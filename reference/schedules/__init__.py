"""Learning rate schedules: a file each, functions of the first rate and of the time in training."""

from reference.schedules.cosine import cosine_decay
from reference.schedules.inverse_sqrt import inverse_sqrt_decay
from reference.schedules.linear import linear_decay
from reference.schedules.plateau import plateau_decay
from reference.schedules.step import googlenet_decay, step_decay
from reference.schedules.warmup import linear_warmup

__all__ = [
    "cosine_decay",
    "googlenet_decay",
    "inverse_sqrt_decay",
    "linear_decay",
    "linear_warmup",
    "plateau_decay",
    "step_decay",
]
