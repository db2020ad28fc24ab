import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.common.file_kind import kind_of

MOST_FILES = 3
MOST_BYTES = 8 * 1024 * 1024


class LiquorDispute(models.Model):
    """Papers that a distributor sends with his objection: kept with it, read by clerk, finance and himself."""

    _inherit = "liquor.dispute"

    file_ids = fields.One2many(
        "ir.attachment", "res_id", string="Files", domain=[("res_model", "=", "liquor.dispute")], readonly=True
    )

    def _add_files(self, files):
        """Keep files with an open dispute.

        :param files: list of (name, content as base64 text)
        :raises UserError: too many, too large, of a kind we do not take, or the dispute was answered
        """
        self.ensure_one()
        if self.state != "open":
            raise UserError(self.env._("This dispute was answered already."))
        if len(files) > MOST_FILES:
            raise UserError(self.env._("Send at most %(count)s files.", count=MOST_FILES))
        values_list = [self._prepare_file(name, text) for name, text in files]
        return self.env["ir.attachment"].sudo().create(values_list)

    def _prepare_file(self, name, text):
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("A file arrived damaged. Send it again.")) from error
        kind = kind_of(content)
        if not kind or len(content) > MOST_BYTES:
            raise UserError(self.env._("Send a PDF, a photo (JPEG, PNG) or a workbook (XLSX) of at most 8 MB."))
        stem = "".join(sign for sign in name.replace("\\", "/").rsplit("/", 1)[-1] if sign.isprintable())
        stem = stem[:100].rsplit(".", 1)[0].strip() or self.env._("File")
        return {
            "name": stem + kind.ending,
            "raw": content,
            "mimetype": kind.mimetype,
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
        }
