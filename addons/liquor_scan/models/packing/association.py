from odoo import models


class LiquorAssociation(models.AbstractModel):
    _inherit = "liquor.association"

    def _note(self, user, company, upload, cartons, answer, line, packed_at, origin):
        noted = super()._note(user, company, upload, cartons, answer, line, packed_at, origin)
        self.env["liquor.packing.upload"]._write_down(user, company, upload, cartons, answer, line, packed_at, origin)
        return noted
