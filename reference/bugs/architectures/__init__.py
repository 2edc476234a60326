"""Shapes, parameters and costs of whole networks: mistakes."""
