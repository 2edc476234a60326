"""Reads documents (notebooks, PDF, Word) in a process of its own.

Parsers of such files are large, and a file can be made to stall, crash or fill them. So they run
in a child process with limits, started by grader/intake/reading.py: bytes in, JSON out. Nothing
here imports the rest of the grader, which keeps the child's start short.
"""
