from odoo import fields, models
from odoo.tools import SQL


class LiquorFlowFact(models.Model):
    _inherit = "liquor.flow.fact"
    _depends = {"liquor.member.attribution": ["credit"]}

    kind = fields.Selection(selection_add=[("joined", "Joined")])

    def _fact_queries(self):
        return [*super()._fact_queries(), self._fact_joinings()]

    def _fact_joinings(self):
        """Members who joined and opened a bottle, one of "bottles" each: no wine moves by it."""
        return {
            "kinds": ("joined",),
            "columns": {
                "key": SQL("'liquor.member.attribution/' || a.id"),
                "kind": SQL("'joined'"),
                "company_id": SQL("a.company_id"),
                "partner_id": SQL("a.shop_id"),
                "product_id": SQL("a.product_id"),
                "bottles": SQL("1"),
                "amount": SQL("0"),
                "event_time": SQL("a.event_time"),
                "business_day": SQL("a.business_day"),
                "territory_id": SQL("a.territory_id"),
                "source_model": SQL("'liquor.member.attribution'"),
                "source_id": SQL("a.id"),
            },
            "from": SQL("FROM liquor_member_attribution a WHERE a.credit = 'joining'"),
        }
