from odoo import api, models


class LiquorVariance(models.Model):
    """Words for what matches of single codes note."""

    _inherit = "liquor.variance"

    @api.model
    def _note_words(self):
        states = dict(self.env["liquor.code.range"]._fields["state"]._description_selection(self.env))
        return {
            **super()._note_words(),
            **dict(self.env["liquor.scan.event"]._fields["reason"]._description_selection(self.env)),
            "void": states["void"],
        }
