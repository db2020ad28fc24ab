"""Levels: who has reached what, and what is still missing."""
