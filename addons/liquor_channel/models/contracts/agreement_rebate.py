from odoo import fields, models


class LiquorAgreement(models.Model):
    """Until when the rebate of a distributor can be used, where his contract says so (R2)."""

    _inherit = "liquor.agreement"

    rebate_expiry = fields.Selection(
        [("company", "As the Company Says"), ("months", "Expires after Months"), ("never", "Never Expires")],
        string="Rebate",
        required=True,
        default="company",
        tracking=True,
    )
    rebate_months = fields.Integer(string="Usable For (Months)", default=12)

    _rebate_months_bounds = models.Constraint(
        "CHECK (rebate_expiry <> 'months' OR rebate_months BETWEEN 1 AND 120)",
        "Rebate expires after one month at the earliest and ten years at the latest.",
    )

    def _more_content(self):
        """The rule is part of what he reads and accepts."""
        if self.kind != "distributor" or self.rebate_expiry == "company":
            return super()._more_content()
        months = self.rebate_months if self.rebate_expiry == "months" else None
        return {**super()._more_content(), "rebate_months": months}
