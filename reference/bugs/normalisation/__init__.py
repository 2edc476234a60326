"""Batch, layer and group normalisation, and local response normalisation: mistakes."""
