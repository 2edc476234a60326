"""Proves an assignment before anybody is marked by it."""
