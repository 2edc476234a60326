"""The harness: runs a submission behind a wall, compares, explains and scores it."""

__version__ = "0.1.0"
