"""Classic mistakes, each the reference with one thing changed."""
