import hashlib
import hmac
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class LiquorPrintDownload(models.Model):
    """Log of the links to a printer's file: who made it, who fetched it, what he got."""

    _name = "liquor.print.download"
    _description = "Printer File Download"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "liquor.print.order", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    token_hash = fields.Char(readonly=True, groups="base.group_system")
    issued_by_id = fields.Many2one("res.users", "Issued by", required=True, readonly=True, ondelete="restrict")
    expires_at = fields.Datetime(required=True, readonly=True)
    used_at = fields.Datetime("Fetched on", readonly=True)
    revoked = fields.Boolean(readonly=True)
    address = fields.Char("Fetched from", readonly=True)
    agent = fields.Char("Program", readonly=True)
    finished_at = fields.Datetime("Complete on", readonly=True)
    sha256 = fields.Char("SHA-256", readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    first = fields.Integer("First Bottle", readonly=True, aggregator=None, help="Counted from 0 over the order.")
    last = fields.Integer("Last Bottle", readonly=True, aggregator=None, help="Included.")
    bottles = fields.Char(compute="_compute_bottles")
    state = fields.Selection(
        [
            ("open", "Not Fetched"),
            ("expired", "Expired"),
            ("broken", "Started, Not Complete"),
            ("done", "Complete"),
        ],
        compute="_compute_state",
    )

    @api.depends("first", "last")
    def _compute_bottles(self):
        for download in self:
            first, last = download._bounds()
            download.bottles = f"{first + 1:,} - {last + 1:,}"

    @api.depends("used_at", "finished_at", "expires_at", "revoked")
    def _compute_state(self):
        now = fields.Datetime.now()
        for download in self:
            if download.used_at:
                download.state = "done" if download.finished_at else "broken"
            else:
                download.state = "expired" if download.revoked or download.expires_at < now else "open"

    @api.model
    def _issue(self, order, token, hours, first, last):
        """Note a new link and revoke those of the order that nobody used."""
        self.sudo().search([("order_id", "=", order.id), ("used_at", "=", False)]).write({"revoked": True})
        return self.sudo().create({
            "order_id": order.id,
            "company_id": order.company_id.id,
            "token_hash": self._hash(token),
            "issued_by_id": self.env.uid,
            "expires_at": fields.Datetime.now() + timedelta(hours=hours),
            "first": first,
            "last": last,
        })

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token).hexdigest()

    @api.model
    def _find(self, order_id, token):
        """Return the link that may still be used, or an empty recordset; it is not consumed."""
        links = self.sudo().search([("order_id", "=", order_id), ("used_at", "=", False), ("revoked", "=", False)])
        wanted = self._hash(token)
        now = fields.Datetime.now()
        return links.filtered(lambda link: hmac.compare_digest(link.token_hash, wanted) and link.expires_at > now)[:1]

    def _bounds(self):
        """Return first and last bottle; links of older releases name none and mean the whole order."""
        self.ensure_one()
        return self.first, self.last or self.order_id.bottles - 1

    def _consume(self, address, agent):
        """Use the link up; of two that try at once one gets False."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "UPDATE liquor_print_download SET used_at = now() AT TIME ZONE 'UTC', address = %s, agent = %s"
                " WHERE id = %s AND used_at IS NULL AND NOT COALESCE(revoked, false) RETURNING id",
                address,
                (agent or "")[:200],
                self.id,
            )
        )
        self.invalidate_recordset()
        return bool(rows)

    def _note_complete(self, cr, sha256, rows):
        """Note on a cursor of its own that the last byte was sent; the first whole file sets the order's hash."""
        cr.execute(
            SQL(
                "UPDATE liquor_print_download SET finished_at = now() AT TIME ZONE 'UTC', sha256 = %s, row_count = %s"
                " WHERE id = %s",
                sha256,
                rows,
                self.id,
            )
        )
        cr.execute(
            SQL(
                "UPDATE liquor_print_order o SET state = 'handed', sha256 = COALESCE(o.sha256,"
                " CASE WHEN d.last - d.first + 1 = o.bottles THEN %s END)"
                " FROM liquor_print_download d WHERE d.id = %s AND o.id = d.order_id"
                " AND (o.state = 'issued' OR o.state = 'handed' AND o.sha256 IS NULL)",
                sha256,
                self.id,
            )
        )
