import base64
import binascii
import csv
import io

from odoo import fields, models
from odoo.exceptions import UserError


class LiquorTerritoryImport(models.TransientModel):
    """Loads an official list of divisions: a CSV file with the columns code and name."""

    _name = "liquor.territory.import"
    _description = "Import Territories"

    file = fields.Binary(string="CSV File", required=True, attachment=False)
    filename = fields.Char()

    def action_import(self):
        """Create or rename the divisions of the file; a file with a bad row changes nothing."""
        self.ensure_one()
        territories = self.env["liquor.territory"].load_divisions(self._rows())
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.territory_action")
        return {**action, "domain": [("id", "in", territories.ids)]}

    def _rows(self):
        try:
            text = base64.b64decode(self.file).decode("utf-8-sig")
        except (UnicodeDecodeError, binascii.Error) as error:
            raise UserError(self.env._("The file is not UTF-8 text.")) from error
        reader = csv.DictReader(io.StringIO(text))
        if not {"code", "name"} <= set(reader.fieldnames or ()):
            raise UserError(self.env._("The file needs the columns code and name."))
        return [(row["code"] or "", row["name"] or "") for row in reader]
