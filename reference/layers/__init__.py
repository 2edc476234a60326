"""Layers: forward and backward side by side, a file a family."""
