"""Whole classifiers: mistakes."""
