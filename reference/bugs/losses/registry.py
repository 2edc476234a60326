"""Losses and penalties: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.losses.penalties import (
    ELASTIC_NET,
    ELASTIC_NET_BUGS,
    L1,
    L1_BUGS,
    L2,
    L2_BUGS,
)
from reference.bugs.losses.softmax import SOFTMAX_LOSS, SOFTMAX_LOSS_BUGS
from reference.bugs.losses.svm import SVM_LOSS, SVM_LOSS_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (SOFTMAX_LOSS, SVM_LOSS, L2, L1, ELASTIC_NET)

BUGS: tuple[Bug, ...] = (
    *SOFTMAX_LOSS_BUGS,
    *SVM_LOSS_BUGS,
    *L2_BUGS,
    *L1_BUGS,
    *ELASTIC_NET_BUGS,
)
