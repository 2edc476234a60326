"""What earns points: one module a family of checks."""
