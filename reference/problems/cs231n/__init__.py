"""Problems that only Stanford CS231n asks for, under its own names.

What it shares with the rest of the catalogue is there; the assignment gives it CS231n's names.
"""
