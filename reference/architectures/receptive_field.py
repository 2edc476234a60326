"""How far a unit sees: the pixels of the input that one output value depends on.

Source: course lecture "CNN architectures" (three 3x3 convolutions see as far as one of 7x7).
"""

from __future__ import annotations

from collections.abc import Sequence


def receptive_field(layers: Sequence[Sequence[int]]) -> int:
    """Pixels along one axis: 1 + Σ_l (k_l - 1) s_1 ... s_{l-1}.

    A window of layer l covers k_l neighbouring outputs of layer l-1, and neighbours there are as
    many pixels of the input apart as all strides before it multiply to.

    Args:
        layers: (window, stride) of each convolution or pooling layer, the first one first
    """
    field, apart = 1, 1
    for window, stride in layers:
        field += (window - 1) * apart
        apart *= stride
    return field
