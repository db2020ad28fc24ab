from odoo import fields, models


class LiquorRunPostingMixin(models.AbstractModel):
    """A row for good that says by which accrual run and entry something is in the books; the amount has its sign."""

    _name = "liquor.run.posting.mixin"
    _description = "Posting by an Accrual Run"
    _inherit = ["liquor.append.mixin"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    run_id = fields.Many2one(
        "liquor.accrual.run", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    amount = fields.Monetary(required=True, readonly=True, aggregator="sum")
