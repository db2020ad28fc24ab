from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.policies.authority import Limit, changing_days
from ...tools.dates import in_force
from ..partners.channel_role import ROLE_KINDS


class LiquorPolicyLimit(models.Model):
    """The most that a region may promise by itself; head office writes it (C19)."""

    _name = "liquor.policy.limit"
    _description = "Limit of a Region's Policies"
    _inherit = ("mail.thread",)
    _check_company_auto = True
    _order = "territory_id, beneficiary_kind, rate_kind, date_start desc, id"
    _rec_names_search = ("territory_id.name", "rate")

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    territory_id = fields.Many2one(
        "liquor.territory",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Holds for everything below that has no limit of its own. Empty: everywhere.",
    )
    beneficiary_kind = fields.Selection(ROLE_KINDS, string="Paid To", required=True, default="terminal", tracking=True)
    rate_kind = fields.Selection(
        [
            ("per_case", "Per Case"),
            ("per_bottle", "Per Bottle"),
            ("percent", "Percent of the Amount"),
            ("fixed", "Fixed"),
        ],
        required=True,
        default="per_case",
        tracking=True,
    )
    rate = fields.Float(string="Highest Rate", digits=(16, 6), tracking=True, help="With all uplifts on top.")
    cap_amount = fields.Monetary(
        string="Highest Cap", tracking=True, help="Per party and period; 0 = the region needs no cap."
    )
    cap_total = fields.Monetary(
        string="Highest Cap of the Programme", tracking=True, help="For everybody and a period; 0 = none needed."
    )
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company), tracking=True)
    date_end = fields.Date(tracking=True)

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(COALESCE(territory_id, 0), COALESCE(territory_id, 0), '[]') WITH &&,
            int4range(ascii(beneficiary_kind) * 256 + length(beneficiary_kind),
                      ascii(beneficiary_kind) * 256 + length(beneficiary_kind), '[]') WITH &&,
            int4range(length(rate_kind), length(rate_kind), '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&
        )""",
        "There is such a limit on some of these days already.",
    )
    _dates = models.Constraint("CHECK (date_end IS NULL OR date_end >= date_start)", "It cannot end before it starts.")
    _bounds = models.Constraint(
        """CHECK (rate BETWEEN 0 AND 1000000000000 AND COALESCE(cap_amount, 0) BETWEEN 0 AND 1000000000000
                  AND COALESCE(cap_total, 0) BETWEEN 0 AND 1000000000000)""",
        "Limits lie between 0 and 1,000,000,000,000.",
    )

    @api.depends("territory_id.name", "beneficiary_kind", "rate")
    def _compute_display_name(self):
        labels = dict(self._fields["beneficiary_kind"]._description_selection(self.env))
        for limit in self:
            place = limit.territory_id.name or self.env._("Everywhere")
            limit.display_name = f"{place} · {labels.get(limit.beneficiary_kind, '')} · {limit.rate:g}"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_is_head_office()
        return super().create(vals_list)

    def write(self, vals):
        """Head office only: a region does not move its own limit."""
        self._check_is_head_office()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_head_office(self):
        self._check_is_head_office()

    def _check_is_head_office(self):
        if not self.env.su and self.env.user._liquor_is_regional():
            raise AccessError(self.env._("Head office sets the limits of the regions."))

    @api.model
    def _limits_of(self, company, beneficiary_kind, rate_kind, territories, first, last=None):
        """Every limit that holds in a territory on one of the days, the nearest upwards, in one query.

        :param last: last day; None = for good
        :return: {territory id: [engine Limit, or None where some day has none]}
        """
        rows = self.sudo().search(
            in_force(first, last or date.max)
            & Domain("company_id", "=", company.id)
            & Domain("beneficiary_kind", "=", beneficiary_kind)
            & Domain("rate_kind", "=", rate_kind)
        )
        days = changing_days(first, last, [(row.date_start, row.date_end or None) for row in rows])
        found = {territory.id: [] for territory in territories}
        for day in days:
            at = {row.territory_id.id or 0: row for row in rows if row._holds(day)}
            for territory in territories:
                path = [int(step) for step in reversed(territory.parent_path.split("/")) if step]
                row = next((at[place] for place in [*path, 0] if place in at), None)
                found[territory.id].append(row._to_engine() if row else None)
        return found

    def _holds(self, day):
        return self.date_start <= day and (not self.date_end or day <= self.date_end)

    def _to_engine(self):
        return Limit(
            decimal(self.rate),
            decimal(self.cap_amount) if self.cap_amount else None,
            decimal(self.cap_total) if self.cap_total else None,
        )
