"""Pages for a browser: feedback for a student, and the class at a glance."""
