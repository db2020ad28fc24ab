"""The invariants, in the order in which they are checked."""

from . import channel, common, member, scan

INVARIANTS = (*common.INVARIANTS, *member.INVARIANTS, *channel.INVARIANTS, *scan.INVARIANTS)
