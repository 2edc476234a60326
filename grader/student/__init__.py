"""The student's code as a remote object."""
