from odoo import api, fields, models


class TestLiquorRow(models.Model):
    """Every type of column that bulk insert knows, a parent with a sum, and a relation with company check."""

    _name = "test_liquor.row"
    _inherit = ["liquor.bulk.mixin"]
    _description = "Test Row"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True)
    partner_id = fields.Many2one("res.partner", check_company=True, index=True)
    parent_id = fields.Many2one("test_liquor.row", index=True, check_company=True)
    child_ids = fields.One2many("test_liquor.row", "parent_id")
    bottles = fields.Integer()
    total_bottles = fields.Integer(compute="_compute_total_bottles", store=True)
    share = fields.Float()
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary()
    day = fields.Date()
    at = fields.Datetime()
    done = fields.Boolean()
    facts = fields.Json()
    kind = fields.Selection([("a", "A"), ("b", "B")])
    note = fields.Text()
    label = fields.Char(translate=True)

    @api.depends("child_ids.bottles")
    def _compute_total_bottles(self):
        for row in self:
            row.total_bottles = sum(row.child_ids.mapped("bottles"))
