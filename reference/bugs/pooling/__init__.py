"""Pooling: mistakes."""
