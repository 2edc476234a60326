"""Dropout: its families of formulas, and their bugs, the one to name first before others."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.dropout.dropconnect import DROPCONNECT, DROPCONNECT_BUGS
from reference.bugs.dropout.dropout import DROPOUT, DROPOUT_BUGS
from reference.bugs.dropout.stochastic_depth import STOCHASTIC_DEPTH, STOCHASTIC_DEPTH_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (DROPOUT, DROPCONNECT, STOCHASTIC_DEPTH)

BUGS: tuple[Bug, ...] = (*DROPOUT_BUGS, *DROPCONNECT_BUGS, *STOCHASTIC_DEPTH_BUGS)
