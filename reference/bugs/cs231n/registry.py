"""What only Stanford CS231n asks for: all families and bugs."""

from __future__ import annotations

from reference.bugs.bug import Bug
from reference.bugs.cs231n.fully_connected import FULLY_CONNECTED, FULLY_CONNECTED_BUGS
from reference.bugs.cs231n.linear import MORE_LINEAR_BUGS, NAIVE_LINEAR, NAIVE_LINEAR_BUGS
from reference.bugs.cs231n.nearest_neighbour import K_NEAREST, K_NEAREST_BUGS
from reference.bugs.cs231n.three_layer_convnet import THREE_LAYER, THREE_LAYER_BUGS
from reference.bugs.cs231n.two_layer_net import TWO_LAYER_NET, TWO_LAYER_NET_BUGS
from reference.bugs.sheet import Family

FAMILIES: tuple[Family, ...] = (
    NAIVE_LINEAR,
    TWO_LAYER_NET,
    FULLY_CONNECTED,
    THREE_LAYER,
    K_NEAREST,
)

BUGS: tuple[Bug, ...] = (
    *MORE_LINEAR_BUGS,
    *NAIVE_LINEAR_BUGS,
    *TWO_LAYER_NET_BUGS,
    *FULLY_CONNECTED_BUGS,
    *THREE_LAYER_BUGS,
    *K_NEAREST_BUGS,
)
