"""Initial weights: mistakes."""
