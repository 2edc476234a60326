"""Classic mistakes, each the reference with one thing changed.

To change one thing, the reference is first written out as a table of formulas, one a quantity
(``*_formulas.py``). A bug replaces a formula; every function that uses it is then wrong in the way
the bug makes it. The other modules are the tables of bugs, and ``registry`` lists them all.
"""
