from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.partners import readiness

#: days looked back for shops that were active and goods that were scanned
DAYS = 90
VERDICTS = [("ready", "Ready"), ("unknown", "Not Known Yet"), ("not_ready", "Not Ready")]


class LiquorReadiness(models.Model):
    """The checklist of a region before money is spent on consumers, with who looked and when: kept for good (C23).

    A figure that cannot be known yet has its ``..._known`` off, and stands for no zero.
    """

    _name = "liquor.readiness"
    _description = "Readiness of a Region"
    _inherit = ("liquor.guarded.mixin", "liquor.append.mixin")
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "territory_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    territory_id = fields.Many2one(
        "liquor.territory", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    user_id = fields.Many2one("res.users", string="Checked By", required=True, readonly=True, ondelete="restrict")
    checked_at = fields.Datetime(required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    shop_count = fields.Integer("Shops", readonly=True)
    active_count = fields.Integer("Active Shops", readonly=True, help="Received, sold or opened in the last 90 days.")
    active_needed = fields.Integer("Active Shops Needed", readonly=True)
    coverage = fields.Float("Shops with a Distributor (%)", digits=(5, 2), readonly=True, aggregator=None)
    coverage_known = fields.Boolean(readonly=True)
    coverage_needed = fields.Float("Needed with a Distributor (%)", digits=(5, 2), readonly=True, aggregator=None)
    scan_rate = fields.Float(
        "Opening-scan Rate (%)", digits=(5, 2), readonly=True, aggregator=None, help="ρ of the region (R10)."
    )
    scan_rate_known = fields.Boolean(readonly=True)
    scan_rate_needed = fields.Float("Needed Opening-scan Rate (%)", digits=(5, 2), readonly=True, aggregator=None)
    received_share = fields.Float(
        "Received of Shipped (%)",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="What shops scanned in of what their distributors were sent: for information, nothing hangs on it.",
    )
    received_share_known = fields.Boolean(readonly=True)
    verdict = fields.Selection(VERDICTS, required=True, readonly=True)
    words = fields.Text(compute="_compute_words")

    @api.depends_context("lang")
    @api.depends("verdict")
    def _compute_words(self):
        for check in self:
            check.words = "\n".join(check._say_findings())

    def _say_findings(self):
        """Return the lines of the checklist in the reader's language."""
        figures = (
            (self.env._("Active shops"), self.active_count, True, self.active_needed, ""),
            (self.env._("Shops with a distributor"), self.coverage, self.coverage_known, self.coverage_needed, " %"),
            (self.env._("Opening-scan rate"), self.scan_rate, self.scan_rate_known, self.scan_rate_needed, " %"),
        )
        lines = []
        for name, value, known, needed, unit in figures:
            values = {"name": name, "value": f"{value:g}{unit}", "needed": f"{needed:g}{unit}"}
            if known:
                lines.append(self.env._("%(name)s: %(value)s, needed %(needed)s.", **values))
            else:
                lines.append(self.env._("%(name)s: not known yet, needed %(needed)s.", **values))
        if self.received_share_known:
            lines.append(self.env._("Received of shipped: %(share)s %%.", share=f"{self.received_share:g}"))
        return lines

    @api.model
    def _check(self, company, territory):
        """Look at a region as it is today and keep what was found, signed by the user: one row."""
        day = today(company)
        shops, active, covered = self._count_shops(company, territory, day)
        received, shipped = self._count_bottles(company, territory, day)
        coverage = readiness.percent(Decimal(covered), Decimal(active))
        received_share = readiness.percent(received, shipped)
        scan_rate = self._opening_rate(company, territory)
        needed = (company.liquor_ready_shops, company.liquor_ready_coverage, company.liquor_ready_scan_rate)
        findings = readiness.judge(
            zip(("active", "coverage", "scan_rate"), (Decimal(active), coverage, scan_rate),
                (Decimal(str(one)) for one in needed), strict=True)
        )  # fmt: skip
        return self.sudo().create({
            "company_id": company.id,
            "territory_id": territory.id,
            "user_id": self.env.uid,
            "checked_at": fields.Datetime.now(),
            "day": day,
            "shop_count": shops,
            "active_count": active,
            "active_needed": needed[0],
            "coverage": float(coverage or 0),
            "coverage_known": coverage is not None,
            "coverage_needed": needed[1],
            "scan_rate": float(scan_rate or 0),
            "scan_rate_known": scan_rate is not None,
            "scan_rate_needed": needed[2],
            "received_share": float(received_share or 0),
            "received_share_known": received_share is not None,
            "verdict": readiness.verdict(findings),
        })

    @api.model
    def _opening_rate(self, company, territory):
        """ρ of a region in percent, None where nobody knows it: only codes can tell (liquor_scan overrides).

        :rtype: Decimal or None
        """
        return None

    def _roles_of(self, company, territory, day, *kinds):
        """Partners in good standing below a territory."""
        role_model = self.env["liquor.channel.role"].sudo()
        domain = role_model._domain_live(day, day) & Domain([
            ("company_id", "=", company.id),
            ("kind", "in", kinds),
            ("territory_id", "child_of", territory.id),
        ])
        return role_model.search(domain).filtered(lambda role: role._is_live_on(day)).partner_id

    def _count_shops(self, company, territory, day):
        """Shops in good standing, those of them that were active, and those of these that have a distributor."""
        shops = self._roles_of(company, territory, day, "terminal")
        first = fields.Date.subtract(day, days=DAYS)
        sums = self.env["liquor.flow.fact"].sudo()._sums
        rows = sums(company, ("received", "sold", "opened", "reported"), first, day, shops.ids) if shops else []
        seen = {partner for row in rows for partner in (row.partner, row.counterparty)}
        active = shops.filtered(lambda shop: shop.id in seen)
        assignments = (
            self
            .env["liquor.channel.assignment"]
            .sudo()
            .search([
                ("company_id", "=", company.id),
                ("terminal_id", "in", active.ids),
                ("date_start", "<=", day),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ])
        )
        return len(shops), len(active), len(assignments.terminal_id)

    def _count_bottles(self, company, territory, day):
        """Bottles that shops of the region scanned in, and that its distributors were sent, less what came back."""
        first = fields.Date.subtract(day, days=DAYS)
        sums = self.env["liquor.flow.fact"].sudo()._sums
        shops = set(self._roles_of(company, territory, day, "terminal").ids)
        distributors = set(self._roles_of(company, territory, day, "distributor").ids)
        received = [row for row in sums(company, ("received", "returned"), first, day) if row.partner in shops]
        shipped = [row for row in sums(company, ("shipped", "returned"), first, day) if row.partner in distributors]
        return tuple(sum((Decimal(row.bottles) for row in rows), Decimal(0)) for rows in (received, shipped))
