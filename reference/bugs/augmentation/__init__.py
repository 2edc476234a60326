"""More training data from the same images: mistakes."""
