"""The homework's two-layer classifier: mistakes."""
