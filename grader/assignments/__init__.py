"""The built-in assignments, one YAML file each."""
