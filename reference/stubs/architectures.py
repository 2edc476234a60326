"""Shapes, parameters and costs of layers and networks. Shapes are (channels, height, width)."""


def conv_output_shape(input_shape, filters, kernel, stride, pad):
    """Work out the shape of a convolution's output for one image.

    Args:
        input_shape: (C, H, W), the image.
        filters: F, the number of filters.
        kernel: (HH, WW), the size of a filter.
        stride: the pixels between neighbouring windows, down and across.
        pad: the zeros on each side of the image.

    Returns:
        (F, H', W'), where H' and W' count the windows down and across.

    Raises:
        ValueError: the windows do not fit: H' or W' would not be a whole number, or less than 1.
    """
    raise NotImplementedError("write conv_output_shape")


def pool_output_shape(input_shape, window, stride):
    """Work out the shape of a pooling layer's output for one image.

    Args:
        input_shape: (C, H, W), the image.
        window: (HH, WW), the size of a window.
        stride: the pixels between neighbouring windows, down and across.

    Returns:
        (C, H', W'), where H' and W' count the windows down and across.

    Raises:
        ValueError: the windows do not fit: H' or W' would not be a whole number, or less than 1.
    """
    raise NotImplementedError("write pool_output_shape")


def conv_parameters(channels, filters, kernel):
    """Count what a convolution learns: its weights and its biases.

    Args:
        channels: C, the channels of the image.
        filters: F, the number of filters.
        kernel: (HH, WW), the size of a filter.

    Returns:
        a whole number.
    """
    raise NotImplementedError("write conv_parameters")


def affine_parameters(input_shape, units):
    """Count what a fully connected layer learns: its weights and its biases.

    Args:
        input_shape: (C, H, W), the image, all of whose values go into every unit.
        units: M, the number of units.

    Returns:
        a whole number.
    """
    raise NotImplementedError("write affine_parameters")


def separable_parameters(channels, filters, kernel):
    """Count what a depthwise separable convolution learns, the biases of both its layers too.

    Its first layer has a filter of one plane for each channel; the second one is a convolution of
    1 x 1 across all channels.

    Args:
        channels: C, the channels of the image.
        filters: F, the filters of the second layer.
        kernel: (HH, WW), the size of the first layer's filters.

    Returns:
        a whole number.
    """
    raise NotImplementedError("write separable_parameters")


def conv_multiply_adds(input_shape, filters, kernel, stride, pad):
    """Count the multiply-adds of a convolution for one image.

    A multiplication together with the addition of its product counts once. Biases do not count.

    Args:
        input_shape: (C, H, W), the image.
        filters: F, the number of filters.
        kernel: (HH, WW), the size of a filter.
        stride: the pixels between neighbouring windows, down and across.
        pad: the zeros on each side of the image.

    Returns:
        a whole number.
    """
    raise NotImplementedError("write conv_multiply_adds")


def receptive_field(layers):
    """Work out how many pixels of the image, along one axis, one output value depends on.

    Args:
        layers: (window, stride) of each convolution or pooling layer, the first layer first.

    Returns:
        a whole number.
    """
    raise NotImplementedError("write receptive_field")


def network_totals(input_shape, layers):
    """Add up what a network costs for one image.

    Args:
        input_shape: (C, H, W), the image.
        layers: dicts, the first layer first. Each has a ``type``:
            "conv" with ``filters``, ``kernel`` (for kernel x kernel pixels), ``stride``, ``pad``;
            "pool" with ``window`` (for window x window pixels) and ``stride``;
            "affine" with ``units``; it takes all values of what comes before it.

    Returns:
        dict with
        shape: (C, H, W) of what comes out of the last layer; (M, 1, 1) for M units.
        parameters: the weights and biases of all layers.
        values: the numbers that a forward pass keeps: the image, and the output of every layer.
        multiply_adds: those of all convolutions and affine layers, without biases.

    Raises:
        ValueError: the windows of a layer do not fit.
    """
    raise NotImplementedError("write network_totals")


def answers():
    """Answer short questions about layers; parameters are weights and biases.

    Returns:
        dict: question -> a whole number, a shape (height, width, channels), or the text
        "does not fit".

    output_5x5: An image of 32x32x3 meets 6 filters of 5x5 at stride 1, without padding. What is the
        shape of the output?
    output_7_stride_3: An image of 7x7x1 meets one filter of 3x3 at stride 3, without padding. What
        is the shape of the output?
    output_stride_2: An image of 33x33x5 meets 10 filters of 3x3 at stride 2, without padding. What
        is the shape of the output?
    parameters_stride_2: How many parameters does that layer have?
    output_alexnet: An image of 227x227x3 meets 96 filters of 11x11 at stride 4, without padding.
        What is the shape of the output?
    parameters_alexnet: How many parameters does that layer have?
    output_alexnet_224: What would the shape of the output be for an image of 224x224x3?
    output_pool: Max pooling with windows of 3x3 at stride 2 is applied to 55x55x96. What is the
        shape of the output?
    parameters_pool: How many parameters does that layer have?
    pad_5x5: With how many zeros on each side do filters of 5x5 at stride 1 keep the size of an
        image?
    output_1x1: An image of 56x56x64 meets 32 filters of 1x1 at stride 1, without padding. What is
        the shape of the output?
    sees_3x3: Three convolutions of 3x3 at stride 1 follow each other. How many pixels of the image,
        along one side, does one of the last outputs depend on?
    """
    raise NotImplementedError("write answers")
