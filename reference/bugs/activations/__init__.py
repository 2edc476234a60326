"""Activations: mistakes."""
