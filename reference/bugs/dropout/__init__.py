"""Dropout, DropConnect and stochastic depth: mistakes."""
