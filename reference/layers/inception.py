"""Inception module: windows of several sizes look at the same image side by side.

Convolutions of 1 by 1 first reduce the channels, which makes the larger windows affordable.

Source: Szegedy et al. 2015 (GoogLeNet), section 4, figure 2b. All convolutions are followed by a
ReLU, as in section 5.
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, Params
from reference.layers.conv_relu import ConvReluCache, conv_relu_backward, conv_relu_forward
from reference.layers.max_pool import MaxPoolCache, max_pool_backward, max_pool_forward

InceptionCache = tuple[dict[str, ConvReluCache], MaxPoolCache, list[int]]

_POOL = {"pool_height": 3, "pool_width": 3, "stride": 1}


def inception_forward(x: Array, params: Params) -> tuple[Array, InceptionCache]:
    """Forward: out = four branches, behind each other along the channels.

    conv means convolution, stride 1, and ReLU; its padding keeps the size of the image:

        one   = conv1(x)              windows of 1 by 1
        three = conv3(conv3r(x))      1 by 1, then 3 by 3
        five  = conv5(conv5r(x))      1 by 1, then 5 by 5
        pool  = convp(max_pool(x))    windows of 3 by 3 with stride 1, then 1 by 1

    Around the image, max_pool sees nothing: a window at the border has fewer pixels.

    Args:
        x: (N, C, H, W), images
        params: W1 (F1, C, 1, 1), W3r (R3, C, 1, 1), W3 (F3, R3, 3, 3), W5r (R5, C, 1, 1),
            W5 (F5, R5, 5, 5), Wp (FP, C, 1, 1), and a bias for each: b1 (F1,), b3r (R3,), ...

    Returns:
        out: (N, F1 + F3 + F5 + FP, H, W)
        cache: what inception_backward needs

    Raises:
        ValueError: the filters do not match the channels.
    """
    caches: dict[str, ConvReluCache] = {}

    def conv(given: Array, name: str) -> Array:
        w, b = params[f"W{name}"], params[f"b{name}"]
        conv_param = {"stride": 1, "pad": w.shape[2] // 2}
        out, caches[name] = conv_relu_forward(given, w, b, conv_param)
        return out

    around = ((0, 0), (0, 0), (1, 1), (1, 1))
    pooled, pool_cache = max_pool_forward(np.pad(x, around, constant_values=-np.inf), _POOL)
    branches = [
        conv(x, "1"),
        conv(conv(x, "3r"), "3"),
        conv(conv(x, "5r"), "5"),
        conv(pooled, "p"),
    ]
    ends = np.cumsum([branch.shape[1] for branch in branches]).tolist()
    return np.concatenate(branches, axis=1), (caches, pool_cache, ends)


def inception_backward(dout: Array, cache: InceptionCache) -> tuple[Array, Params]:
    """Backward: each branch takes its channels of dout, and dx is what comes back from all.

    Args:
        dout: (N, F1 + F3 + F5 + FP, H, W), the gradient of the loss with respect to out
        cache: from inception_forward

    Returns:
        dx: (N, C, H, W)
        grads: gradients by the names of the parameters
    """
    caches, pool_cache, ends = cache
    grads: Params = {}

    def back(dbranch: Array, name: str) -> Array:
        dgiven, grads[f"W{name}"], grads[f"b{name}"] = conv_relu_backward(dbranch, caches[name])
        return dgiven

    one, three, five, pool = np.split(dout, ends[:-1], axis=1)
    dpadded = max_pool_backward(back(pool, "p"), pool_cache)
    dx = back(one, "1") + back(back(three, "3"), "3r") + back(back(five, "5"), "5r")
    return dx + dpadded[:, :, 1:-1, 1:-1], grads
