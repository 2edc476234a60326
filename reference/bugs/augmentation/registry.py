"""More training data from the same images: all families and bugs."""

from __future__ import annotations

from reference.bugs.augmentation.colour import (
    COLOUR_JITTER,
    COLOUR_JITTER_BUGS,
    PCA_COLOUR,
    PCA_COLOUR_BUGS,
)
from reference.bugs.augmentation.crop import RANDOM_CROP, RANDOM_CROP_BUGS
from reference.bugs.augmentation.cutout import CUTOUT, CUTOUT_BUGS
from reference.bugs.augmentation.flips import FLIPS, FLIPS_BUGS
from reference.bugs.augmentation.mixup import MIXUP, MIXUP_BUGS
from reference.bugs.augmentation.resize import RESIZE, RESIZE_BUGS
from reference.bugs.bug import Bug
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (
    FLIPS,
    RANDOM_CROP,
    RESIZE,
    COLOUR_JITTER,
    PCA_COLOUR,
    CUTOUT,
    MIXUP,
)

BUGS: tuple[Bug, ...] = (
    *FLIPS_BUGS,
    *RANDOM_CROP_BUGS,
    *RESIZE_BUGS,
    *COLOUR_JITTER_BUGS,
    *PCA_COLOUR_BUGS,
    *CUTOUT_BUGS,
    *MIXUP_BUGS,
)
