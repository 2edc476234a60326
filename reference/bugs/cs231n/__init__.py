"""Classes and functions as Stanford's CS231n has them: mistakes."""
