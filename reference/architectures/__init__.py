"""Networks of the course as data, and what their layers cost."""
