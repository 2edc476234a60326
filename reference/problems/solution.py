"""The reference under the names that students' functions have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from reference import two_layer_net
from reference.layers.avg_pool import avg_pool_backward, avg_pool_forward
from reference.layers.conv import conv_backward, conv_forward
from reference.layers.max_pool import max_pool_backward, max_pool_forward

SOLUTION: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "forward": two_layer_net.forward,
        "loss": two_layer_net.loss,
        "predict": two_layer_net.predict,
        "conv_forward": conv_forward,
        "conv_backward": conv_backward,
        "max_pool_forward": max_pool_forward,
        "max_pool_backward": max_pool_backward,
        "avg_pool_forward": avg_pool_forward,
        "avg_pool_backward": avg_pool_backward,
    }
)
