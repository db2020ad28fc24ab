from odoo import models


class LiquorAssociation(models.AbstractModel):
    _inherit = "liquor.association"

    def _note(self, user, company, upload, cartons, answer, line, packed_at, origin):
        noted = super()._note(user, company, upload, cartons, answer, line, packed_at, origin)
        self.env["liquor.packing.upload"]._write_down(user, company, upload, cartons, answer, line, packed_at, origin)
        return noted

    def _stopped(self, units, company):
        stops = self.env["liquor.stop.gate"].sudo()._pass(company.ids)
        concerned = units if "roll" in stops.get(company.id, ()) else set()
        return super()._stopped(units, company) | self.env["liquor.packing.check"]._stopped_among(concerned)
