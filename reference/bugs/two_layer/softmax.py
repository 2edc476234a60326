"""Mistakes in the softmax of the two-layer net, and in the cross-entropy that follows it."""

from __future__ import annotations

from reference.bugs.bug import bugs_of
from reference.bugs.softmax_bugs import cross_entropy_bugs, softmax_bugs
from reference.bugs.two_layer.formulas import TWO_LAYER

bug = bugs_of(TWO_LAYER, "loss")

SOFTMAX_BUGS = (*softmax_bugs(bug), *cross_entropy_bugs(bug))
