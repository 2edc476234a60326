"""Blocks of layers (depthwise separable, residual, inception): mistakes."""
