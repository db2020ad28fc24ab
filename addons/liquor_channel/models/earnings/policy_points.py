from odoo import models


class LiquorPolicy(models.Model):
    """Lines of policies that give points: no money, no share of a distributor."""

    _inherit = "liquor.policy"

    def _can_be_funded(self, line):
        return line.rule.rate_kind != "points" and super()._can_be_funded(line)

    def _prepare_line_values(self, company, line, amount, funding, head=None):
        values = super()._prepare_line_values(company, line, amount, funding, head)
        if line.rule.rate_kind != "points":
            return values
        return {**values, "amount": 0.0, "form": "points", "points": int(amount)}
