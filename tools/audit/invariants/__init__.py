"""The invariants, in the order in which they are checked."""

from . import channel, common, funds, member, money, scan

INVARIANTS = (
    *common.INVARIANTS,
    *member.INVARIANTS,
    *channel.INVARIANTS,
    *money.INVARIANTS,
    *funds.INVARIANTS,
    *scan.INVARIANTS,
)
