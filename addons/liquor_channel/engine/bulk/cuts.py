"""Claims in a sheet: what is cut and what is allowed say the same thing, so either may be edited (trade.md R1).

Amounts are Decimal in the company's currency.
"""

from collections.abc import Mapping
from decimal import Decimal

from .cells import CellError, Value

CUT_NOT_ALLOWED, NO_REASON, ABOVE_ASKED, ABOVE_APPROVED = (
    "cut_not_allowed", "no_reason", "above_asked", "above_approved",
)  # fmt: skip
ZERO = Decimal(0)


def allowed_of(asked: Decimal, approved: Decimal, cut: Decimal) -> Decimal:
    """Return what is allowed of a claim: asked less cut, at most what was approved.

    >>> allowed_of(Decimal("12000.00"), Decimal("10000.00"), Decimal("500.00"))
    Decimal('10000.00')
    """
    return max(min(asked - cut, approved), ZERO)


def settle_cut(standing: Mapping[str, Value], changes: dict[str, Value]) -> dict[str, Value]:
    """Return the changes of a claim with cut and allowed amount in agreement.

    8,000.00 claimed of 10,000.00 approved: who types 7,500.00 allowed cuts 500.00, and the other way round.

    >>> claim = {"asked": Decimal("8000.00"), "approved": Decimal("10000.00"), "cut": Decimal("0.00"),
    ...          "allowed": Decimal("8000.00"), "reason": 3}
    >>> settle_cut(claim, {"allowed": Decimal("7500.00")})["cut"]
    Decimal('500.00')
    >>> settle_cut(claim, {"cut": Decimal("500.00")})["allowed"]
    Decimal('7500.00')

    :raises CellError: both were typed and differ, more is cut than was claimed, more allowed than approved, or nothing
        says why it is cut
    """
    if not {"cut", "allowed", "reason", "cut_note"} & changes.keys():
        return changes
    asked, approved = _amount(standing, "asked"), _amount(standing, "approved")
    after = {**standing, **changes}
    by_allowed = "allowed" in changes and "cut" not in changes
    cut = asked - _amount(after, "allowed") if by_allowed else _amount(after, "cut")
    _check(asked, approved, cut, after, changes)
    if cut and after.get("reason") is None:
        raise CellError(NO_REASON, "reason")
    settled = {**changes, "cut": cut, "allowed": allowed_of(asked, approved, cut)}
    return settled if cut else {**settled, "reason": None, "cut_note": None}


def _amount(values: Mapping[str, Value], name: str) -> Decimal:
    value = values.get(name)
    return value if isinstance(value, Decimal) else ZERO


def _check(
    asked: Decimal, approved: Decimal, cut: Decimal, after: Mapping[str, Value], changes: Mapping[str, Value]
) -> None:
    if "allowed" in changes and _amount(after, "allowed") > approved:
        raise CellError(ABOVE_APPROVED, "allowed")
    if not ZERO <= cut <= asked:
        raise CellError(ABOVE_ASKED, "cut" if "cut" in changes else "allowed")
    if "allowed" in changes and _amount(after, "allowed") != allowed_of(asked, approved, cut):
        raise CellError(CUT_NOT_ALLOWED, "allowed")
