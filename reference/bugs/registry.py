"""All registered bugs, in one fixed order.

Where only a part of the outputs can be judged (the loss of a student whose gradient is unwritten),
two bugs may explain it. The order is that in which they should be named: a bug that changes that
part alone comes before one that changes another part with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reference.bugs.avg_pool import AVG_POOL_BUGS
from reference.bugs.backward import BACKWARD_BUGS
from reference.bugs.bug import Bug
from reference.bugs.conv_backward import CONV_BACKWARD_BUGS
from reference.bugs.conv_forward import CONV_FORWARD_BUGS
from reference.bugs.forward import FORWARD_BUGS
from reference.bugs.max_pool import MAX_POOL_BUGS
from reference.bugs.predict import PREDICT_BUGS
from reference.bugs.regularisation import REGULARISATION_BUGS
from reference.bugs.softmax import SOFTMAX_BUGS

ALL_BUGS: tuple[Bug, ...] = (
    *FORWARD_BUGS,
    *PREDICT_BUGS,
    *BACKWARD_BUGS,
    *SOFTMAX_BUGS,
    *REGULARISATION_BUGS,
    *CONV_FORWARD_BUGS,
    *CONV_BACKWARD_BUGS,
    *MAX_POOL_BUGS,
    *AVG_POOL_BUGS,
)

BUGS: Mapping[str, Bug] = MappingProxyType({bug.id: bug for bug in ALL_BUGS})
"""Bug id -> bug."""
