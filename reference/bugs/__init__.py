"""Classic mistakes, each the reference with one thing changed.

To change one thing, the reference is first written out as a table of formulas, one a quantity
(``formulas.py``, or at the top of the table of bugs). A bug replaces a formula; every function
that uses it is then wrong in the way the bug makes it. A folder is an area of the course;
``registry`` lists all bugs.
"""
