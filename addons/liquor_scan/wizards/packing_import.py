import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.packing.packing_upload import MAX_BYTES


class LiquorPackingImport(models.TransientModel):
    """Loads a file of what a line packed; what is wrong comes back as a file that can be corrected."""

    _name = "liquor.packing.import"
    _description = "Load Packing File"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    file = fields.Binary(required=True, attachment=False, help="CSV, a row a unit: package, unit.")
    file_name = fields.Char()
    line = fields.Char("Production Line")
    packed_at = fields.Datetime(help="When the line packed it; empty: now.")

    def action_load(self):
        """Store the good packages and show what became of the file."""
        self.ensure_one()
        self.env["liquor.packing.desk"]._check_packer(self.company_id)
        raw = self.file or b""
        if len(raw) > MAX_BYTES * 4 // 3 + 4:
            raise UserError(self.env._("The file is larger than 5 MB. Please split it."))
        try:
            content = base64.b64decode(raw, validate=False)
        except (binascii.Error, ValueError):
            raise UserError(self.env._("The file is no text: save it as CSV, a row a unit: package, unit.")) from None
        upload = self.env["liquor.packing.upload"]._load(
            self.env.user,
            self.company_id,
            content,
            (self.file_name or "")[:200],
            "file",
            (self.line or "").strip()[:64] or None,
            self.packed_at,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "liquor.packing.upload",
            "res_id": upload.id,
            "view_mode": "form",
        }
