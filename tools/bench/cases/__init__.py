"""One module a bench; each has ``measure() -> list[Line]``."""
