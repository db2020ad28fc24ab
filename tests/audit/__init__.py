"""A violation planted for every invariant of ``make audit``."""
