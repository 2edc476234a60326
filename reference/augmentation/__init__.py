"""More training data from the same images. What is random is an argument: results are exact."""
