"""Nets of several layers, as Stanford CS231n asks for them."""

import numpy as np

# Convention -> value -> what a docstring says usually -> what it says then.
CONVENTIONS = {
    "net_penalty": {
        "whole": {"plus half of reg times the sum of all W": "plus reg times the sum of all W"},
        "half_biases": {"the sum of all W squared": "the sum of all W and b squared"},
        "whole_biases": {
            "plus half of reg times the sum of all W squared": (
                "plus reg times the sum of all W and b squared"
            ),
        },
    },
}


class FullyConnectedNet:
    """A classifier with hidden layers: affine and ReLU for each, then affine and softmax.

    ``self.params`` is a dict of W1, b1, W2, b2, ..., from the input on: the first W is
    (input_dim, hidden_dims[0]), the last one's columns are the classes.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
    ):
        """Draw small random weights with standard deviation weight_scale; biases begin at zero.

        Where normalization is "batchnorm", each hidden layer is normalised between its affine map
        and its ReLU; its scale and shift are gamma1, beta1, ... in self.params, ones and zeros.
        """
        raise NotImplementedError("write the constructor first")

    def loss(self, X, y=None):
        """Return the scores (N, C) of X (N, ...); with labels y (N,), the loss and its gradients.

        The loss is the mean cross-entropy, plus half of reg times the sum of all W squared.

        The gradients are a dict named as self.params. Without y, batch normalisation is in test
        mode.
        """
        raise NotImplementedError("write the scores first, then the loss, then the gradients")


class ThreeLayerConvNet:
    """A classifier of images: conv, ReLU, 2 by 2 max pool, affine, ReLU, affine, softmax.

    ``self.params`` is a dict of W1 (F, C, HH, HH), b1 (F,), W2 (F * H/2 * W/2, hidden_dim), b2,
    W3 (hidden_dim, num_classes) and b3. The convolution has stride 1 and keeps the images' size.
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
    ):
        """Draw small random weights with standard deviation weight_scale; biases begin at zero."""
        raise NotImplementedError("write the constructor first")

    def loss(self, X, y=None):
        """Return the scores (N, K) of X (N, C, H, W); with labels y (N,), loss and gradients.

        The loss is the mean cross-entropy, plus half of reg times the sum of all W squared.

        The gradients are a dict named as self.params.
        """
        raise NotImplementedError("write the scores first, then the loss, then the gradients")
