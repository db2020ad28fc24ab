"""The invariants, in the order in which they are checked."""

from . import channel, common, member, money, scan

INVARIANTS = (*common.INVARIANTS, *member.INVARIANTS, *channel.INVARIANTS, *money.INVARIANTS, *scan.INVARIANTS)
