"""The only code that runs inside the wall: standard library, NumPy and itself, nothing else."""
