import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError


class LiquorTerminalKind(models.Model):
    """Kind of a terminal as data: it drives default policies, screens and whether receipts must be scanned."""

    _name = "liquor.terminal.kind"
    _description = "Kind of Terminal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        default=lambda self: f"own_{secrets.token_hex(4)}",
        help="How files that are imported name the kind; people read the name.",
    )
    sequence = fields.Integer(default=10)
    must_scan = fields.Boolean(
        string="Receipts Must Be Scanned",
        default=True,
        help="Off for kinds whose figures come from flow reports, such as key accounts: reports pay them, not scans. "
        "Fixed once a shop of the kind is accepted.",
    )
    volume_basis = fields.Selection(
        [
            ("received", "Scanned Receipts"),
            ("reported", "Flow Reports"),
            ("opened", "Openings of Bottles It Received"),
        ],
        string="Volume Counted By",
        compute="_compute_volume_basis",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="What new contracts with such shops count: key accounts and group buyers hardly scan, in restaurants the "
        "openings count. Each contract says its own, and what was signed stays.",
    )
    company_id = fields.Many2one("res.company", help="Empty: a kind that all companies use.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "There is a kind with this code already.",
    )

    @api.depends("must_scan")
    def _compute_volume_basis(self):
        """What proves a purchase (trade.md R10); in restaurants receipts are rare, openings count (R17)."""
        for kind in self:
            by_scans = "opened" if kind.code == "restaurant" else "received"
            kind.volume_basis = by_scans if kind.must_scan else "reported"

    def write(self, vals):
        """Keep how purchases are proven while shops of the kind are accepted (trade.md R10).

        :raises UserError: it would change: what was scanned and reported would be paid twice
        """
        changed = self.filtered(lambda kind: "must_scan" in vals and kind.must_scan != bool(vals["must_scan"]))
        if changed and self.env["liquor.channel.role"].sudo().search_count(
            [("terminal_kind_id", "in", changed.ids), ("state", "!=", "candidate")], limit=1
        ):
            raise UserError(
                self.env._(
                    "Shops of this kind are accepted: their purchases are proven by scans or by reports, and what "
                    "counts cannot change under them. Make another kind."
                )
            )
        return super().write(vals)
