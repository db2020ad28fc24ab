"""The invariants, in the order in which they are checked."""

from . import channel, common, finance, funds, member, money, partners, scan

INVARIANTS = (
    *common.INVARIANTS,
    *member.INVARIANTS,
    *partners.INVARIANTS,
    *channel.INVARIANTS,
    *money.INVARIANTS,
    *funds.INVARIANTS,
    *finance.INVARIANTS,
    *scan.INVARIANTS,
)
