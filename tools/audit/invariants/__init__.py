"""The invariants, in the order in which they are checked."""

from . import accounts, channel, common, finance, funds, member, money, partners, scan

INVARIANTS = (
    *common.INVARIANTS,
    *member.INVARIANTS,
    *partners.INVARIANTS,
    *channel.INVARIANTS,
    *money.INVARIANTS,
    *accounts.INVARIANTS,
    *funds.INVARIANTS,
    *finance.INVARIANTS,
    *scan.INVARIANTS,
)
