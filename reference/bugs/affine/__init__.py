"""The affine layer: mistakes."""
