"""What is done to data before training; what is learnt, is learnt from the training data."""
