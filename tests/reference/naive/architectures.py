"""Shapes and costs by counting: every window, weight and product one by one."""

from __future__ import annotations

from itertools import product


def conv_output_shape(input_shape, filters, kernel, stride, pad):
    _, H, W = input_shape
    return filters, len(_starts(H, kernel[0], stride, pad)), len(_starts(W, kernel[1], stride, pad))


def pool_output_shape(input_shape, window, stride):
    return conv_output_shape(input_shape, input_shape[0], window, stride, 0)


def conv_parameters(channels, filters, kernel):
    count = 0
    for _ in range(filters):
        count += 1
        for _ in product(range(channels), range(kernel[0]), range(kernel[1])):
            count += 1
    return count


def affine_parameters(input_shape, units):
    count = 0
    for _ in range(units):
        count += 1
        for _ in product(*map(range, input_shape)):
            count += 1
    return count


def separable_parameters(channels, filters, kernel):
    count = 0
    for _ in range(channels):
        count += 1
        for _ in product(range(kernel[0]), range(kernel[1])):
            count += 1
    for _ in range(filters):
        count += 1
        for _ in range(channels):
            count += 1
    return count


def conv_multiply_adds(input_shape, filters, kernel, stride, pad):
    C, H, W = input_shape
    count = 0
    for _ in product(_starts(H, kernel[0], stride, pad), _starts(W, kernel[1], stride, pad)):
        for _ in range(filters):
            count += len(range(C)) * len(range(kernel[0])) * len(range(kernel[1]))
    return count


def receptive_field(layers):
    """Follow the first and the last pixel that is seen back through the layers."""
    first = last = 0
    for window, stride in reversed(layers):
        first, last = first * stride, last * stride + window - 1
    return last - first + 1


def network_totals(input_shape, layers):
    shape = tuple(input_shape)
    totals = {"parameters": 0, "values": _values(shape), "multiply_adds": 0}
    for layer in layers:
        if layer["type"] == "affine":
            totals["parameters"] += affine_parameters(shape, layer["units"])
            totals["multiply_adds"] += _values(shape) * layer["units"]
            shape = layer["units"], 1, 1
        elif layer["type"] == "pool":
            shape = pool_output_shape(shape, [layer["window"]] * 2, layer["stride"])
        else:
            kernel = [layer["kernel"]] * 2
            totals["parameters"] += conv_parameters(shape[0], layer["filters"], kernel)
            given = shape, layer["filters"], kernel, layer["stride"], layer["pad"]
            totals["multiply_adds"] += conv_multiply_adds(*given)
            shape = conv_output_shape(*given)
        totals["values"] += _values(shape)
    return {"shape": shape, **totals}


def _values(shape):
    return sum(1 for _ in product(*map(range, shape)))


def _starts(size, window, stride, pad):
    """Where windows begin, the last one ending with the padded image."""
    starts = [s for s in range(0, size + 2 * pad, stride) if s + window <= size + 2 * pad]
    if not starts or starts[-1] + window != size + 2 * pad:
        raise ValueError("the windows do not fit")
    return starts


FUNCTIONS = {
    function.__name__: function
    for function in (
        conv_output_shape,
        pool_output_shape,
        conv_parameters,
        affine_parameters,
        separable_parameters,
        conv_multiply_adds,
        receptive_field,
        network_totals,
    )
}
