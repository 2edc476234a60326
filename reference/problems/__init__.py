"""The catalogue: what an assignment can pick by name."""
