"""Blocks in a style of their own: a list of functions that undo the forward pass step by step."""

from __future__ import annotations

import numpy as np


class _Tape:
    """Remembers how to go back, and gathers gradients by name."""

    def __init__(self, params):
        self.params, self.grads = params, {}

    def conv(self, x, name, stride=1):
        """A convolution that keeps the size; returns its output and its way back."""
        w, b = self.params["W" + name], self.params["b" + name]
        half = w.shape[-1] // 2
        padded = np.pad(x, ((0, 0), (0, 0), (half, half), (half, half)))
        H, W = ((size - 1) // stride + 1 for size in x.shape[2:])

        def at(i, j):
            return np.s_[:, :, i : i + H * stride : stride, j : j + W * stride : stride]

        out = b[None, :, None, None] + sum(
            np.einsum("ncij,fc->nfij", padded[at(i, j)][:, :, :H, :W], w[:, :, i, j])
            for i, j in np.ndindex(*w.shape[2:])
        )

        def back(d):
            dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
            for i, j in np.ndindex(*w.shape[2:]):
                dpadded[at(i, j)] += np.einsum("nfij,fc->ncij", d, w[:, :, i, j])
                dw[:, :, i, j] = np.einsum("nfij,ncij->fc", d, padded[at(i, j)])
            self.grads["W" + name], self.grads["b" + name] = dw, d.sum((0, 2, 3)).reshape(1, -1)[0]
            return dpadded[:, :, half : half + x.shape[2], half : half + x.shape[3]]

        return out, back

    def conv_relu(self, x, name, stride=1):
        before, back = self.conv(x, name, stride)

        def back_through_relu(d):
            d[before < 0] = 0  # in place
            return back(d)

        return before * (before > 0), back_through_relu


def _residual(x, params, shortcut, stride):
    tape = _Tape(params)
    hidden, back1 = tape.conv_relu(x, "1", stride)
    main, back2 = tape.conv(hidden, "2")
    other, back_other = shortcut(tape)
    total = main + other

    def backward(dout):
        dout = np.where(total > 0, dout, 0)
        dx = back_other(dout.copy())
        dx = dx + back1(back2(dout))
        return dx, tape.grads

    return np.maximum(total, 0.0), backward


def residual_forward(x, params):
    return _residual(x, params, lambda _: (x, lambda d: d), 1)


def residual_projection_forward(x, params, stride):
    return _residual(x, params, lambda tape: tape.conv(x, "p", stride), stride)


def residual_backward(dout, cache):
    return cache(dout)


def residual_projection_backward(dout, cache):
    return cache(dout)


def inception_backward(dout, cache):
    return cache(dout)


def inception_forward(x, params):
    tape = _Tape(params)
    H, W = x.shape[2:]
    around = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=-1e9)
    shifted = np.stack([around[:, :, i : i + H, j : j + W] for i, j in np.ndindex(3, 3)])
    one, back1 = tape.conv_relu(x, "1")
    three_r, back3r = tape.conv_relu(x, "3r")
    three, back3 = tape.conv_relu(three_r, "3")
    five_r, back5r = tape.conv_relu(x, "5r")
    five, back5 = tape.conv_relu(five_r, "5")
    pool, backp = tape.conv_relu(shifted.max(0), "p")
    widths = [len(params[name]) for name in ("b1", "b3", "b5", "bp")]

    def backward(dout):
        d1, d3, d5, dp = np.split(dout, np.cumsum(widths)[:3], axis=1)
        dx = back1(d1)
        dx += back3r(back3(d3))
        dx += back5r(back5(d5))
        winners, dpool = shifted.argmax(0), backp(dp)
        daround = np.zeros_like(around)
        for k, (i, j) in enumerate(np.ndindex(3, 3)):
            daround[:, :, i : i + H, j : j + W] += dpool * (winners == k)
        return dx + daround[:, :, 1:-1, 1:-1], {**tape.grads, "spent": 0.5}

    return np.hstack([one, three, five, pool]), backward


FUNCTIONS = {
    function.__name__: function
    for function in (
        residual_forward,
        residual_backward,
        residual_projection_forward,
        residual_projection_backward,
        inception_forward,
        inception_backward,
    )
}
