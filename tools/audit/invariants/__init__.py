"""The invariants, in the order in which they are checked."""

from . import (
    accounts,
    caps,
    channel,
    common,
    course,
    finance,
    funds,
    goods,
    member,
    money,
    partners,
    proofs,
    rebates,
    returns,
    scan,
)

INVARIANTS = (
    *common.INVARIANTS,
    *member.INVARIANTS,
    *partners.INVARIANTS,
    *channel.INVARIANTS,
    *proofs.INVARIANTS,
    *caps.INVARIANTS,
    *money.INVARIANTS,
    *rebates.INVARIANTS,
    *accounts.INVARIANTS,
    *funds.INVARIANTS,
    *course.INVARIANTS,
    *finance.INVARIANTS,
    *returns.INVARIANTS,
    *scan.INVARIANTS,
    *goods.INVARIANTS,
)
