"""What is done to data before training: mistakes."""
