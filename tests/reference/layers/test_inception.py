"""The inception module: the order of its branches, and pooling at the border."""

from __future__ import annotations

import numpy as np

from reference.layers.inception import inception_backward, inception_forward


def _params(C: int) -> dict[str, np.ndarray]:
    """Weights of 0, and as biases the number of the branch."""
    sizes = {"1": (2, C, 1), "3r": (3, C, 1), "3": (4, 3, 3), "5r": (1, C, 1), "5": (2, 1, 5)}
    params: dict[str, np.ndarray] = {}
    for number, (name, (F, channels, size)) in enumerate([*sizes.items(), ("p", (3, C, 1))]):
        params[f"W{name}"] = np.zeros((F, channels, size, size))
        params[f"b{name}"] = np.full(F, float(number))
    return params


def test_the_order_of_the_branches() -> None:
    """1 by 1, 3 by 3, 5 by 5, pooling."""
    out, _ = inception_forward(np.ones((1, 2, 3, 4)), _params(2))
    assert out.shape == (1, 2 + 4 + 2 + 3, 3, 4)
    assert out[0, :, 0, 0].tolist() == [0, 0, 2, 2, 2, 2, 4, 4, 5, 5, 5]


def test_the_border_does_not_count() -> None:
    """The maximum of negative pixels is negative at the border, too, and gets its gradient."""
    x = np.array([[-3.0, -1], [-2, -4]]).reshape(1, 1, 2, 2)
    params = _params(1)
    params["Wp"][:], params["bp"][:] = 1, 10
    out, cache = inception_forward(x, params)
    assert (out[0, -3:] == 9).all()
    dout = np.zeros_like(out)
    dout[0, -1] = 1
    dx, grads = inception_backward(dout, cache)
    assert dx[0, 0].tolist() == [[0, 4], [0, 0]]
    assert grads.keys() == params.keys()
