"""Kinds of convolution in styles of their own: single precision, Fourier, loops over offsets."""

from __future__ import annotations

import numpy as np


# ------------------------------------------------------------------- a cache that is a function
def conv_same_forward(x, w, b, conv_param):
    """In float32, offset by offset; what backward needs is closed over."""
    stride = conv_param["stride"]
    x, w = x.astype(np.float32), w.astype(np.float32)
    sides = []
    for size, window in zip(x.shape[2:], w.shape[2:], strict=True):
        zeros = max((int(np.ceil(size / stride)) - 1) * stride + window - size, 0)
        sides.append((int(np.ceil(zeros / 2)), int(np.floor(zeros / 2))))
    padded = np.pad(x, [(0, 0), (0, 0), *sides])
    HO, WO = int(np.ceil(x.shape[2] / stride)), int(np.ceil(x.shape[3] / stride))
    out = np.zeros((len(x), len(w), HO, WO), np.float32) + b.astype(np.float32).reshape(-1, 1, 1)

    def places():
        for i, j in np.ndindex(*w.shape[2:]):
            yield i, j, np.s_[:, :, i : i + stride * HO : stride, j : j + stride * WO : stride]

    for i, j, at in places():
        out += np.tensordot(padded[at], w[:, :, i, j], (1, 1)).transpose(0, 3, 1, 2)

    def backward(dout):
        dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
        for i, j, at in places():
            dpadded[at] += np.tensordot(dout, w[:, :, i, j], (1, 0)).transpose(0, 3, 1, 2)
            dw[:, :, i, j] = np.tensordot(dout, padded[at], ((0, 2, 3), (0, 2, 3)))
        (top, _), (left, _) = sides
        dx = dpadded[:, :, top:, left:][:, :, : x.shape[2], : x.shape[3]]
        return dx, dw, dout.sum((0, 2, 3))

    return out, backward


def conv_same_backward(dout, cache):
    return cache(dout.astype(np.float32))


# ------------------------------------------------------------------------------ channel by channel
def depthwise_forward(x, w, b, conv_param):
    """Correlation by Fourier transform, of which every stride-th value is kept."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    HH, WW = w.shape[1:]
    for size, window in ((x.shape[2], HH), (x.shape[3], WW)):
        if (size + 2 * pad - window) % stride != 0:
            raise ValueError("no")
    padded = np.pad(x, ((0,) * 2, (0,) * 2, (pad,) * 2, (pad,) * 2))
    shape = padded.shape[2:]
    product = np.fft.rfft2(padded) * np.conj(np.fft.rfft2(w, shape))
    full = np.fft.irfft2(product, shape)[..., : shape[0] - HH + 1, : shape[1] - WW + 1]
    return full[..., ::stride, ::stride] + b.reshape(1, -1, 1, 1), [padded, w, stride, pad]


def depthwise_backward(dout, cache):
    padded, w, stride, pad = cache
    dpadded, dw = 0 * padded, []
    rows, cols = (stride * n for n in dout.shape[2:])
    for i in range(w.shape[1]):
        for j in range(w.shape[2]):
            at = (..., slice(i, i + rows, stride), slice(j, j + cols, stride))
            dw.append((padded[at] * dout).sum((0, 2, 3)))
            dpadded[at] += dout * w[:, i, j].reshape(-1, 1, 1)
    H, W = padded.shape[2:]
    dw = np.array(dw).T.reshape(w.shape)
    return dpadded[:, :, pad : H - pad, pad : W - pad], dw, np.einsum("ncij->c", dout)


# -------------------------------------------------------------------------------- affine layers
def pointwise_forward(x, w, b):
    """An affine layer over all pixels."""
    rows = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    out = (rows @ w.T + b).reshape(len(x), *x.shape[2:], len(w))
    return np.moveaxis(out, -1, 1), {"rows": rows, "w": w, "shape": x.shape}


def pointwise_backward(dout, cache):
    drows = np.moveaxis(dout, 1, -1).reshape(-1, dout.shape[1])
    N, C, H, W = cache["shape"]
    dx = np.moveaxis((drows @ cache["w"]).reshape(N, H, W, C), -1, 1)
    return dx, drows.T @ cache["rows"], drows.sum(0)


def separable_forward(x, w_depth, w_point, b, conv_param):
    nothing = np.zeros(len(w_depth))
    middle, one = depthwise_forward(x, w_depth, nothing, conv_param)
    out, two = pointwise_forward(middle, w_point, b)
    return out, {"one": one, "two": two}


def separable_backward(dout, cache):
    dmiddle, dw_point, db = pointwise_backward(dout, cache["two"])
    dx, dw_depth, _ = depthwise_backward(dmiddle, cache["one"])
    return [dx, dw_depth, dw_point, db.tolist()]


FUNCTIONS = {
    function.__name__: function
    for function in (
        conv_same_forward,
        conv_same_backward,
        depthwise_forward,
        depthwise_backward,
        pointwise_forward,
        pointwise_backward,
        separable_forward,
        separable_backward,
    )
}
