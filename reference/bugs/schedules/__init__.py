"""Schedules of the learning rate: mistakes."""
