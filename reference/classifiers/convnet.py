"""A small convolutional net: convolution, ReLU, 2 by 2 max pooling, affine, softmax.

    X (N, C, H, W) -> conv (N, F, H, W) -> ReLU -> pool (N, F, H/2, W/2) -> scores (N, K)

Parameters are a dictionary W1 (F, C, HH, HH), b1 (F,), W2 (F H/2 W/2, K), b2 (K,); HH is odd and
the convolution padded with (HH − 1)/2 zeros, so that it keeps the size of the image.

Source: course lecture "Convolutional networks".
"""

from __future__ import annotations

from reference.arrays import Array, Labels, Params
from reference.layers.affine import affine_backward, affine_forward
from reference.layers.conv import conv_backward, conv_forward
from reference.layers.max_pool import max_pool_backward, max_pool_forward
from reference.layers.relu import relu_backward, relu_forward
from reference.losses.l2_penalty import l2_penalty
from reference.losses.softmax import softmax_loss

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


def convnet_scores(params: Params, X: Array) -> Array:
    """Class scores: affine(pool(relu(conv(X)))).

    Args:
        params: W1 (F, C, HH, HH), b1 (F,), W2 (F H/2 W/2, K), b2 (K,)
        X: (N, C, H, W), H and W even

    Returns:
        scores: (N, K)
    """
    hidden, _ = conv_forward(X, params["W1"], params["b1"], _keeping(params["W1"]))
    active, _ = relu_forward(hidden)
    pooled, _ = max_pool_forward(active, POOL)
    scores, _ = affine_forward(pooled, params["W2"], params["b2"])
    return scores


def convnet_loss(params: Params, X: Array, y: Labels, reg: float) -> tuple[float, Params]:
    """Mean softmax cross-entropy + reg (Σ W1² + Σ W2²), and its gradient.

    Args:
        params: W1 (F, C, HH, HH), b1 (F,), W2 (F H/2 W/2, K), b2 (K,)
        X: (N, C, H, W), H and W even
        y: (N,), labels 0..K-1
        reg: strength of the L2 penalty; biases are not penalised

    Returns:
        loss: a number
        grads: for each parameter, the gradient under the same name and of the same shape
    """
    hidden, conv = conv_forward(X, params["W1"], params["b1"], _keeping(params["W1"]))
    active, relu = relu_forward(hidden)
    pooled, pool = max_pool_forward(active, POOL)
    scores, affine = affine_forward(pooled, params["W2"], params["b2"])
    data_loss, dscores = softmax_loss(scores, y)

    dpooled, dW2, db2 = affine_backward(dscores, affine)
    dactive = max_pool_backward(dpooled, pool)
    dhidden = relu_backward(dactive, relu)
    _, dW1, db1 = conv_backward(dhidden, conv)

    penalty1, dpenalty1 = l2_penalty(params["W1"], reg)
    penalty2, dpenalty2 = l2_penalty(params["W2"], reg)
    grads = {"W1": dW1 + dpenalty1, "b1": db1, "W2": dW2 + dpenalty2, "b2": db2}
    return data_loss + penalty1 + penalty2, grads


def _keeping(W1: Array) -> dict[str, int]:
    return {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
