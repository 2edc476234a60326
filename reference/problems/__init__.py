"""The catalogue: what an assignment can pick by name.

A problem is a list of cases; a case knows how to draw its inputs from a random stream. What the
cases should answer is not written here: reference/golden.py asks the reference.
"""
