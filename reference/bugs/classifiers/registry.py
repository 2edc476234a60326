"""Classifiers: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.classifiers.convnet import CONVNET, CONVNET_BUGS
from reference.bugs.classifiers.ensemble import (
    AVERAGE_ENSEMBLE,
    AVERAGE_ENSEMBLE_BUGS,
    VOTE_ENSEMBLE,
    VOTE_ENSEMBLE_BUGS,
)
from reference.bugs.classifiers.linear import LINEAR, LINEAR_BUGS
from reference.bugs.classifiers.linear_training import LINEAR_TRAINING, LINEAR_TRAINING_BUGS
from reference.bugs.classifiers.nearest_neighbour import KNN, KNN_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (
    KNN,
    LINEAR,
    LINEAR_TRAINING,
    CONVNET,
    AVERAGE_ENSEMBLE,
    VOTE_ENSEMBLE,
)

BUGS: tuple[Bug, ...] = (
    *KNN_BUGS,
    *LINEAR_BUGS,
    *LINEAR_TRAINING_BUGS,
    *CONVNET_BUGS,
    *AVERAGE_ENSEMBLE_BUGS,
    *VOTE_ENSEMBLE_BUGS,
)
