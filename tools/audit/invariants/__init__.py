"""The invariants, in the order in which they are checked."""

from . import common

INVARIANTS = (*common.INVARIANTS,)
