"""Numerical gradients: mistakes."""
