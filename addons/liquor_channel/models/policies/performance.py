from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import decimal
from ...engine.earnings.periods import period_of


class LiquorPerformanceSnapshot(models.Model):
    """What a party had done in a period when it was frozen: uplifts for performance read this and never the present."""

    _name = "liquor.performance.snapshot"
    _description = "Frozen Performance"
    _inherit = "liquor.append.mixin"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", check_company=True)
    basis = fields.Selection(lambda self: self._words_of("basis"), required=True)
    measure = fields.Selection(lambda self: self._words_of("measure"), required=True)
    period_label = fields.Char(string="Period", required=True)
    value = fields.Float(digits=(16, 2), required=True)
    frozen_at = fields.Datetime(required=True, default=fields.Datetime.now)

    _one_each = models.UniqueIndex(
        "(company_id, basis, measure, period_label, partner_id)", "This figure is frozen already."
    )

    @api.model
    def _words_of(self, term):
        """The choices of a term of policies, in the reader's language."""
        return self.env["liquor.policy.version"]._fields[term]._description_selection(self.env)

    @api.model
    def _cron_freeze(self):
        """Freeze the period before for every uplift in force, once."""
        uplifts = (
            self
            .env["liquor.policy.uplift"]
            .sudo()
            .search([
                ("kind", "=", "performance"),
                ("version_id.state", "in", ("active", "frozen")),
            ])
        )
        for company, own in uplifts.grouped("company_id").items():
            wanted = {(one.version_id.basis, one.version_id.measure, one.metric_period) for one in own}
            for basis, measure, length in sorted(wanted):
                self._freeze(company, basis, measure, self._period_before(today(company), length))

    @api.model
    def _period_before(self, day, length):
        return period_of(fields.Date.subtract(period_of(day, length).start, days=1), length)

    @api.model
    def _freeze(self, company, basis, measure, period):
        """Freeze what every party did in a period; what is frozen already stays.

        :return: the new rows
        """
        known = self.sudo().search(Domain(self._domain(company, basis, measure, [period.label]))).partner_id
        done = self.env["liquor.policy.version"].sudo()._measure_by_partner(company, basis, measure, period)
        return self.sudo().create([
            {
                "company_id": company.id,
                "partner_id": partner,
                "basis": basis,
                "measure": measure,
                "period_label": period.label,
                "value": float(value),
            }
            for partner, value in sorted(done.items())
            if partner not in known.ids
        ])

    def _domain(self, company, basis, measure, labels):
        return [
            ("company_id", "=", company.id),
            ("basis", "=", basis),
            ("measure", "=", measure),
            ("period_label", "in", labels),
        ]

    @api.model
    def _values(self, company, partner_ids, labels):
        """Frozen figures in one query: {(basis, measure, period label, partner id): (value, snapshot id)}."""
        rows = self.sudo().search([
            ("company_id", "=", company.id),
            ("partner_id", "in", list(partner_ids)),
            ("period_label", "in", list(labels)),
        ])
        return {
            (row.basis, row.measure, row.period_label, row.partner_id.id): (decimal(row.value), row.id) for row in rows
        }
