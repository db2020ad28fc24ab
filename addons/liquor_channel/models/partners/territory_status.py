from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.liquor_member.tools.business_day import today

MATURITY = ("new", "growing", "mature")
ATTACK = ("watched", "attacked")


class LiquorTerritoryStatus(models.Model):
    """How mature a territory is, and whether famous brands attack it: dated, with reason, kept (C15, C16, C22).

    A status holds for everything below its territory that has none of its own. The past does not change: a status
    that has begun can only be given an end.
    """

    _name = "liquor.territory.status"
    _description = "Status of a Territory"
    _inherit = ("mail.thread",)
    _check_company_auto = True
    _order = "date_start desc, id desc"
    _rec_names_search = ("territory_id.name",)

    territory_id = fields.Many2one(
        "liquor.territory", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    kind = fields.Selection(
        [("maturity", "Maturity"), ("under_attack", "Under Attack")], required=True, default="maturity"
    )
    value = fields.Selection(
        [
            ("new", "New Market"),
            ("growing", "Growing"),
            ("mature", "Mature"),
            ("watched", "Watched"),
            ("attacked", "Heavily Attacked"),
        ],
        required=True,
        tracking=True,
    )
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company))
    date_end = fields.Date(tracking=True)
    reason = fields.Char(required=True, help="What was seen, and by whom: it is what an uplift is explained by.")

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(territory_id, territory_id, '[]') WITH &&,
            int4range(length(kind), length(kind), '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&
        )""",
        "This territory has such a status on some of these days already.",
    )
    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A status cannot end before it starts."
    )
    _value_of_kind = models.Constraint(
        f"CHECK (kind = 'maturity' AND value IN {MATURITY} OR kind = 'under_attack' AND value IN {ATTACK})",
        "Maturity is new, growing or mature; an attacked territory is watched or heavily attacked.",
    )

    @api.depends("territory_id.name", "kind", "value")
    def _compute_display_name(self):
        values = dict(self._fields["value"]._description_selection(self.env))
        for status in self:
            status.display_name = f"{status.territory_id.name or ''}: {values.get(status.value, '')}"

    def write(self, vals):
        """Refuse to change what holds or has held; its end may be set, today or later."""
        if not self.env.su and vals.keys() & {"territory_id", "company_id", "kind", "value", "date_start", "date_end"}:
            self._check_change(vals)
        return super().write(vals)

    def _check_change(self, vals):
        end = fields.Date.to_date(vals.get("date_end"))
        for status in self.filtered(lambda one: one.date_start <= today(one.company_id)):
            now = today(status.company_id)
            over = status.date_end and status.date_end < now
            if (
                vals.keys() & {"territory_id", "company_id", "kind", "value", "date_start"}
                or over
                or (end and end < now)
            ):
                raise UserError(
                    self.env._("What a territory was is not changed: end this status and add the next one.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if self.filtered(lambda status: status.date_start <= today(status.company_id)):
            raise UserError(self.env._("What a territory was is not changed: end this status and add the next one."))

    @api.model
    def _of(self, company, territories, day):
        """Status of territories on a business day, the nearest one upwards, in one query.

        :return: {territory id: {"maturity": record, "under_attack": record}}; without a status the kind is missing
        """
        paths = {
            territory.id: [int(step) for step in (territory.parent_path or "").split("/") if step]
            for territory in territories
        }
        rows = self.sudo().search([
            ("company_id", "=", company.id),
            ("territory_id", "in", list({step for path in paths.values() for step in path})),
            ("date_start", "<=", day),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", day),
        ])
        at = {(row.territory_id.id, row.kind): row for row in rows}
        return {number: self._nearest(at, path) for number, path in paths.items()}

    def _nearest(self, at, path):
        found = {}
        for step in path:  # from the province down: the nearest one stays
            found.update({kind: at[step, kind] for kind in ("maturity", "under_attack") if (step, kind) in at})
        return found
