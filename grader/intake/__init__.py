"""Turns what was handed in (zip, folder, notebook) into a clean workspace."""
