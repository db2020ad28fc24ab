"""往来对账单: five accounts of a month, what changed between two versions, what does not continue (trade.md R3).

Four accounts are money, the fifth is goods in kind in cases. All amounts are Decimal; a month's opening should be the
closing of the month before: what was booked late into an earlier month shows as its *gap*.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ..settlement.statement import ACCOUNTS, ZERO, AccountSection, Movement, build_sections, money, section_values

#: 货款, 返利, 费用, 保证金, 货补件数
FIVE_ACCOUNTS = (*ACCOUNTS, "in_kind")
#: decimals of a number of cases
CASE_DIGITS = 2


def account_values(
    openings: Mapping[str, Decimal],
    movements: Iterable[Movement],
    previous: Mapping[str, Decimal] | None = None,
    digits: int = 2,
) -> list[dict]:
    """Return the plain values of the five accounts; ``gap`` is the opening less the previous month's closing.

    Without a previous statement there is no gap.

    >>> delivered = Movement("in_kind", __import__("datetime").date(2026, 3, 9), Decimal("-10"), "S1")
    >>> goods = account_values({"in_kind": Decimal("12")}, [delivered], {"in_kind": Decimal("10")})[4]
    >>> [goods[key] for key in ("account", "opening", "in", "out", "closing", "gap")]
    ['in_kind', '12.00', '0.00', '10.00', '2.00', '2.00']
    """
    found = []
    for section in build_sections(openings, movements, FIVE_ACCOUNTS):
        places = CASE_DIGITS if section.account == "in_kind" else digits
        gap = _gap(section, previous)
        found.append({**section_values(section, places), "gap": money(gap, places)})
    return found


def _gap(section: AccountSection, previous: Mapping[str, Decimal] | None) -> Decimal:
    return section.opening - previous.get(section.account, ZERO) if previous is not None else ZERO


def unchanged_accounts(before: Mapping, after: Mapping) -> set[str]:
    """Return the accounts that say the same in two versions of a statement: a confirmation of them stands.

    >>> old = {"accounts": [{"account": "goods", "closing": "1.00"}, {"account": "rebate", "closing": "2.00"}]}
    >>> new = {"accounts": [{"account": "goods", "closing": "1.00"}, {"account": "rebate", "closing": "3.00"}]}
    >>> unchanged_accounts(old, new)
    {'goods'}
    """
    known = {section["account"]: section for section in before.get("accounts", [])}
    return {section["account"] for section in after["accounts"] if known.get(section["account"]) == section}
