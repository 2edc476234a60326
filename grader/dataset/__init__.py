"""The homework's data: reading, fetching, and tasks of the same shape made up afresh."""
