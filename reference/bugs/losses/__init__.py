"""Losses and regularisers: mistakes."""
