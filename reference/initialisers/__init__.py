"""First weights: a file each, functions of standard normal numbers in the shape of the weights."""

from reference.initialisers.he import he_init
from reference.initialisers.small_gaussian import small_gaussian_init
from reference.initialisers.xavier import xavier_init

__all__ = ["he_init", "small_gaussian_init", "xavier_init"]
