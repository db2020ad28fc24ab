from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...tools.dates import in_force


class LiquorEmployment(models.Model):
    """A guide or waiter works in a shop from one day to another; nobody holds the same job there twice at a time."""

    _name = "liquor.employment"
    _description = "Employment of a Guide or Waiter"
    _inherit = ("mail.thread",)
    _check_company_auto = True
    _order = "employer_id, date_start desc, id"

    person_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    employer_id = fields.Many2one("res.partner", string="Shop", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    kind = fields.Selection([("guide", "Shopping Guide"), ("waiter", "Waiter")], required=True, default="guide")
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company))
    date_end = fields.Date(tracking=True)
    consent_on = fields.Date(
        string="Owner's Consent",
        tracking=True,
        help="Day on which the shop's owner agreed in writing that this person is rewarded personally.",
    )

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(person_id, person_id, '[]') WITH &&,
            int4range(employer_id, employer_id, '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&
        )""",
        "This person works in this shop already on some of these days.",
    )
    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "An employment cannot end before it starts.",
    )

    def write(self, vals):
        """Who worked where stays; it may end."""
        if not self.env.su and vals.keys() & {"person_id", "employer_id", "company_id", "date_start"}:
            self._check_not_begun()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if not self.env.su:
            self._check_not_begun()

    def _check_not_begun(self):
        if self.filtered(lambda job: job.date_start < today(job.company_id)):
            raise UserError(self.env._("Who worked in a shop stays written down: end it and write the next one."))

    @api.depends("person_id.name", "employer_id.name")
    def _compute_display_name(self):
        for job in self:
            job.display_name = f"{job.person_id.name} @ {job.employer_id.name}"

    @api.constrains("person_id", "employer_id")
    def _check_kinds_of_partner(self):
        for job in self:
            if job.person_id.is_company or not job.employer_id.is_company:
                raise ValidationError(self.env._("A person works in a shop: the shop is a company, the person is not."))

    @api.model
    def _at(self, persons, day, company):
        """Employments of ``persons`` on a business day of ``company``, in one query."""
        domain = Domain("company_id", "=", company.id) & Domain("person_id", "in", persons.ids)
        return self.search(domain & in_force(day))
