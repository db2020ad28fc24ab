"""States of a role; the steps between them are engine/partners/roles.py."""

LIVE_STATES = ("trial", "formal")
STATES = [
    ("candidate", "Candidate"),
    ("trial", "Trial"),
    ("formal", "Formal"),
    ("suspended", "Suspended"),
    ("ended", "Ended"),
]
