import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.secrets_box import box

from ...engine.flow.association import Carton
from ...engine.packing.table import MAX_ROWS, Row, TableError, bad_table, cartons_of, decode, read_rows
from ..flow.reasons import reason_text

SOURCES = [("api", "API"), ("file", "File"), ("folder", "Folder")]
STATES = [("accepted", "All Stored"), ("partly", "Partly Refused"), ("rejected", "Refused")]
MAX_BYTES = 5 * 2**20
PLACE = ("liquor.packing.upload", "sealed")


class LiquorPackingUpload(models.Model):
    """One call or file of a line: how many packages were stored, and those that were not, for correction.

    Refused packages are kept encrypted, because codes are money; the file of what is wrong is made when it is fetched.
    """

    _name = "liquor.packing.upload"
    _description = "Packing Upload"
    _check_company_auto = True
    _order = "id desc"

    name = fields.Char("Upload Number", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    source = fields.Selection(SOURCES, required=True, readonly=True)
    file_name = fields.Char(readonly=True)
    line = fields.Char("Production Line", readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    packed_at = fields.Datetime(required=True, readonly=True)
    received_at = fields.Datetime(required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    package_count = fields.Integer("Packages", readonly=True)
    stored_count = fields.Integer("Stored", readonly=True)
    refused_count = fields.Integer("Refused", readonly=True)
    link_count = fields.Integer("Links", readonly=True)
    sealed = fields.Text(readonly=True, copy=False, groups=".")

    _refused_idx = models.Index("(company_id, id) WHERE refused_count > 0")
    # a device may use a number again after the thirteen months that its request is kept
    _number_idx = models.Index("(user_id, name)")
    _totals = models.Constraint(
        "CHECK (package_count = stored_count + refused_count AND stored_count >= 0 AND refused_count >= 0)",
        "Each package of an upload is stored or refused.",
    )

    # --- loading ----------------------------------------------------------------------------------------------

    @api.model
    def _load(self, user, company, content, file_name, source, line=None, at=None):
        """Store the packages of a file, once per content.

        :param bytes content: the file as sent
        :param datetime at: when the line packed it (naive UTC); now by default
        :return: the upload; of a file that was loaded before, the first one
        :raises UserError: the file is no table of packages, too long or too large
        """
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("The file is larger than 5 MB. Please split it."))
        try:
            rows, half = read_rows(decode(content))
        except TableError as error:
            raise UserError(self._fault_text(error.args[0])) from None
        number = f"file:{hashlib.sha256(content).hexdigest()[:40]}"
        uploads = self.sudo()
        known = uploads.search([("user_id", "=", user.id), ("name", "=", number)], limit=1)
        if known:
            return known
        cartons = [
            {"parent": one.parent, "children": list(one.children), "method": one.method} for one in cartons_of(rows)
        ]
        origin = {"company": company, "source": source, "file_name": file_name, "half": half, "limit": 2 * MAX_ROWS}
        moment = f"{at.isoformat()}Z" if at else None
        if cartons:
            self.env["liquor.association"]._take(user, number, cartons, None, line, moment, **origin)
        else:
            answer = {"status": "rejected", "accepted": 0, "refused": []}
            self._write_down(user, company, number, [], answer, line, fields.Datetime.now(), origin)
        return uploads.search([("user_id", "=", user.id), ("name", "=", number)], limit=1)

    def _fault_text(self, reason):
        return {
            "empty": self.env._("The file has no rows."),
            "too_long": self.env._("The file has more than %(limit)s rows. Please split it.", limit=f"{MAX_ROWS:,}"),
            "not_text": self.env._("The file is no text: save it as CSV, a row a unit: package, unit."),
        }[reason]

    @api.model
    def _write_down(self, user, company, number, cartons, answer, line, packed_at, origin):
        """Keep what became of an upload."""
        refused = {one["parent"]: (one["parent"], one["reason"], one["code"]) for one in answer["refused"]}
        half = origin.get("half", [])
        wrong = [carton for carton in cartons if carton["parent"] in refused]
        state = answer["status"]
        if half and state == "accepted":
            state = "partly"
        upload = self.sudo().create({
            "name": number,
            "company_id": company.id,
            "source": origin.get("source", "api"),
            "file_name": origin.get("file_name"),
            "line": line,
            "user_id": user.id,
            "packed_at": packed_at,
            "received_at": fields.Datetime.now(),
            "state": state,
            "package_count": len(cartons) + len(half),
            "stored_count": len(cartons) - len(answer["refused"]),
            "refused_count": len(answer["refused"]) + len(half),
            "link_count": answer["accepted"],
        })
        if wrong or half:
            kept = {
                "cartons": [(one["parent"], one["children"], one.get("method") or "line") for one in wrong],
                "refused": [(one["parent"], one["reason"], one["code"]) for one in answer["refused"]],
                "half": half,
            }
            upload.sealed = box().encrypt(json.dumps(kept), (PLACE[0], upload.id, PLACE[1]))
        return upload

    # --- what is wrong ----------------------------------------------------------------------------------------

    def _bad_file(self):
        """The file of what is wrong as bytes that Excel reads; empty where nothing is."""
        self.ensure_one()
        token = self.sudo().sealed
        if not token:
            return b""
        kept = json.loads(box().decrypt(token, (PLACE[0], self.id, PLACE[1])))
        cartons = [Carton(parent, tuple(children), method) for parent, children, method in kept["cartons"]]
        reasons = {reason for _package, reason, _code in kept["refused"]} | {"bad_row"}
        words = {reason: reason_text(self.env, reason) for reason in reasons}
        return bad_table(cartons, kept["refused"], [Row(*row) for row in kept["half"]], words).encode("utf-8-sig")

    def action_bad_file(self):
        """Fetch the packages that were refused, to correct them and load them again."""
        self.ensure_one()
        self.check_access("read")
        if not self.refused_count:
            raise UserError(self.env._("Nothing of this upload was refused."))
        return {"type": "ir.actions.act_url", "url": f"/liquor/packing/upload/{self.id}.csv", "target": "download"}

    def action_view_links(self):
        """Show the links that this upload made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("liquor_scan.code_link_action")
        return {**action, "domain": [("upload", "=", self.name), ("user_id", "=", self.user_id.id)], "context": {}}
