"""The invariants, in the order in which they are checked."""

from . import common, member

INVARIANTS = (*common.INVARIANTS, *member.INVARIANTS)
