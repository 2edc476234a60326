"""Search for hyperparameters and architectures. What is random is an argument where it can be."""
