"""Marking on the workers of a Dask cluster, wherever they are (extra ``cluster``).

The client hands out submissions and writes the results; a worker keeps in its memory what it marks
with, and a fork server for each of its threads. What a worker has is a cache and no more: one that
is new, or was started again, says that it has nothing, is given it, and is asked once more.
"""
