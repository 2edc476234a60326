"""What is done to data before training: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.preprocessing.centring import (
    NORMALISE,
    NORMALISE_BUGS,
    ZERO_CENTRE,
    ZERO_CENTRE_BUGS,
)
from reference.bugs.preprocessing.pca import PCA, PCA_BUGS
from reference.bugs.preprocessing.whitening import WHITENING, WHITENING_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (ZERO_CENTRE, NORMALISE, PCA, WHITENING)

BUGS: tuple[Bug, ...] = (*ZERO_CENTRE_BUGS, *NORMALISE_BUGS, *PCA_BUGS, *WHITENING_BUGS)
