"""Optimizers: mistakes."""
