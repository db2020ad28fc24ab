import json
from decimal import Decimal

from odoo import models

from ...engine.policies.breakdown import difference, from_trace


class LiquorEarning(models.Model):
    """How the amount of a line is made by tier and product (C13): drawn from its trace, which never changes."""

    _inherit = "liquor.earning"

    def _parts(self):
        """Lines per tier and product, whose amounts sum to the earning's.

        :return: list of (low, high, rate, product id, Decimal amount); texts or None for the tier, 0 for no product;
            empty for what is not computed on a period
        """
        self.ensure_one()
        trace = json.loads(self.trace or "{}")
        if "parts" not in trace:
            return []
        digits = self.currency_id.decimal_places
        lines = difference(from_trace(trace["parts"]), from_trace(trace.get("booked_parts", ())))
        sign = -1 if self.reverses_id else 1
        return [
            (*(rung or (None, None, None)), product, sign * Decimal(cents).scaleb(-digits))
            for rung, product, cents in lines
        ]

    def _parts_in_words(self, parts):
        """Rows (product id, tier, rate, amount) of ``_parts``, the tier as “0 – 100000” or “≥ 300000”."""
        sign = " %" if json.loads(self.trace or "{}").get("rate_kind") == "percent" else ""
        return [
            (
                product,
                _tier(low, high),
                f"{_plain(rate)}{sign}" if rate else "",
                amount,
            )
            for low, high, rate, product, amount in parts
        ]


def _tier(low, high):
    if low is None:
        return ""
    return f"{_plain(low)} – {_plain(high)}" if high else f"≥ {_plain(low)}"


def _plain(text):
    return f"{Decimal(text).normalize():f}"
