"""Convolution: mistakes."""
