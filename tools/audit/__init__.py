"""``make audit``: every invariant of the suite checked on a database, read-only, one line each.

An invariant is a statement that must hold in every database at every moment (security.md, section 5). Each has a test
in ``tests/audit`` that plants a violation and sees it reported.
"""
