"""Results as text, JSON, Markdown and tables. Everything here reads a Result and nothing else."""
