"""Finds submissions that are suspiciously alike: a list to look at, never a verdict."""
