"""Is a region ready for money spent on consumers? (channel.md C23: small scale, channel not yet firm.)"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

HUNDRED = Decimal(100)


class Finding(NamedTuple):
    """One line of the checklist; ``value`` and ``holds`` are None where the figure is not known yet."""

    name: str
    value: Decimal | None
    needed: Decimal
    holds: bool | None


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Share in percent, to two places; None where there is nothing yet that it could be a share of.

    >>> str(percent(Decimal(30), Decimal(40))), percent(Decimal(0), Decimal(0))
    ('75.00', None)
    """
    return (part * HUNDRED / whole).quantize(Decimal("0.01")) if whole > 0 else None


def judge(figures: Iterable[tuple[str, Decimal | None, Decimal]]) -> list[Finding]:
    """Hold each figure against what is needed.

    >>> judge([("shops", Decimal(12), Decimal(10)), ("scanned", None, Decimal(30))])[1]
    Finding(name='scanned', value=None, needed=Decimal('30'), holds=None)
    """
    return [Finding(name, value, needed, None if value is None else value >= needed) for name, value, needed in figures]


def verdict(findings: Iterable[Finding]) -> str:
    """``not_ready`` where something does not hold, ``unknown`` where something is not known, else ``ready``.

    >>> verdict(judge([("shops", Decimal(12), Decimal(10)), ("scanned", None, Decimal(30))]))
    'unknown'
    """
    answers = [one.holds for one in findings]
    if False in answers:
        return "not_ready"
    return "unknown" if None in answers or not answers else "ready"
