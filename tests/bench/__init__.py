"""Peers of the bench and the tests of its harness."""
