from odoo import models
from odoo.exceptions import UserError


class LiquorUnitCard(models.TransientModel):
    _inherit = "liquor.unit.card"

    def action_epcis(self):
        """Download the chain of the unit as an EPCIS document."""
        self.ensure_one()
        traced = self.env["liquor.custody"].sudo()._trace((self.name or "").strip())
        if traced is None or traced["batch"].company_id not in self.env.companies:
            raise UserError(self.env._("This is none of our codes. Scan again or type it in."))
        unit = traced["unit"]
        url = f"/liquor/epcis/unit/{unit.batch}/{unit.level}/{unit.index}"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}
