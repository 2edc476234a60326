"""One command a file; imports are lazy so that `grade --help` is immediate."""
