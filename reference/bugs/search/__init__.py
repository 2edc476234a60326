"""Hyperparameter and architecture search: mistakes."""
