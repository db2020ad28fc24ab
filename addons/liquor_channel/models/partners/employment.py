import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.file_kind import JPEG, PDF, PNG, file_name, kind_of
from ...tools.dates import in_force

#: what a signed paper is sent as
PAPERS = (PDF, JPEG, PNG)
MOST_BYTES = 8 * 1024 * 1024


class LiquorEmployment(models.Model):
    """A guide or waiter works in a shop from one day to another; nobody holds the same job there twice at a time."""

    _name = "liquor.employment"
    _description = "Employment of a Guide or Waiter"
    _inherit = ("liquor.guarded.mixin", "mail.thread")
    _check_company_auto = True
    _order = "employer_id, date_start desc, id"
    _rec_names_search = ("person_id.name", "employer_id.name")

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
        readonly=True,
        tracking=True,
        help="From this day on the shop's owner agrees that this person is rewarded personally.",
    )
    consent_id = fields.Many2one(
        "liquor.employment.consent",
        string="Proof of Consent",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Without it no reward of this person is paid: a signed paper, or the owner's acceptance online.",
    )
    consent_proof = fields.Selection(related="consent_id.proof")
    consent_by_id = fields.Many2one(related="consent_id.user_id")
    consent_recorded_at = fields.Datetime(related="consent_id.event_time")

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
            self._check_not_consented(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if not self.env.su:
            self._check_not_begun()

    def _check_not_begun(self):
        if self.filtered(lambda job: job.date_start < today(job.company_id)):
            raise UserError(self.env._("Who worked in a shop stays written down: end it and write the next one."))

    def _check_not_consented(self, vals):
        """A consent names one person in one shop: it is never carried over to another."""
        named = [name for name in ("person_id", "employer_id", "company_id") if name in vals]
        if self.filtered(lambda job: job.consent_id and any(job[name].id != vals[name] for name in named)):
            raise UserError(self.env._("The owner consented to this person in this shop: write another employment."))

    @api.depends("person_id.name", "employer_id.name")
    def _compute_display_name(self):
        for job in self:
            job.display_name = f"{job.person_id.name} @ {job.employer_id.name}"

    @api.constrains("person_id", "employer_id")
    def _check_kinds_of_partner(self):
        for job in self:
            if job.person_id.is_company or not job.employer_id.is_company:
                raise ValidationError(self.env._("A person works in a shop: the shop is a company, the person is not."))

    # --- the owner's consent (trade.md R13) ------------------------------------------------------------------

    def _portal_domain(self, user):
        """Return the employments that a shop's user answers for: those in his own shop."""
        return [("employer_id", "=", user.partner_id.commercial_partner_id.id)]

    def _consent_on_paper(self, day, name, content):
        """Keep a paper that the owner signed.

        :param day: business day from which he consents: within the employment, not in the future
        :param bytes content: PDF or photo
        :raises UserError: it is recorded already, the day lies outside, or the file is no such paper
        """
        kind = kind_of(content)
        if kind not in PAPERS or len(content) > MOST_BYTES:
            raise UserError(self.env._("The signed paper is a PDF or a photo (JPEG, PNG) of at most 8 MB."))
        consent = self._keep_consent(day, "paper", hashlib.sha256(content).hexdigest())
        self.env["ir.attachment"].sudo().create({
            "name": file_name(name, kind) or self.env._("Consent"),
            "raw": content,
            "mimetype": kind.mimetype,
            "res_model": consent._name,
            "res_id": consent.id,
            "company_id": consent.company_id.id,
        })

    def _consent_online(self, user):
        """Accept by a user of the shop who is not paid by it himself, from today on.

        :raises AccessError: he is of another shop
        :raises UserError: he works there as guide or waiter, or consented already
        """
        self.ensure_one()
        if user.partner_id.commercial_partner_id != self.employer_id:
            raise AccessError(self.env._("Only the shop's owner consents."))
        if user.partner_id == self.person_id or self.sudo().search_count(
            [("person_id", "=", user.partner_id.id), ("employer_id", "=", self.employer_id.id)], limit=1
        ):
            raise UserError(self.env._("The owner consents, not who is rewarded."))
        self._keep_consent(max(today(self.company_id), self.date_start), "portal", False, user)

    def _keep_consent(self, day, proof, fingerprint, user=None):
        self.ensure_one()
        self.lock_for_update()
        now = today(self.company_id)
        if self.consent_id:
            raise UserError(self.env._("The owner's consent is recorded already. Withdraw it first if it is wrong."))
        if day < self.date_start or (proof == "paper" and day > now) or (self.date_end and day > self.date_end):
            raise UserError(
                self.env._("The consent begins within the employment and not in the future: %(day)s does not.", day=day)
            )
        consent = (
            self
            .env["liquor.employment.consent"]
            .sudo()
            .create({
                "employment_id": self.id,
                "company_id": self.company_id.id,
                "day": day,
                "proof": proof,
                "paper_hash": fingerprint,
                "user_id": (user or self.env.user).id,
                "event_time": fields.Datetime.now(),
            })
        )
        self.sudo().write({"consent_on": day, "consent_id": consent.id})
        return consent

    def action_show_consent(self):
        """Show the proof."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "liquor.employment.consent",
            "res_id": self.consent_id.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_withdraw_consent(self):
        """Take a consent off that was recorded wrongly or that the owner withdrew: nothing more is paid by it."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_channel_manager"):
            raise AccessError(self.env._("Only a channel manager takes a consent off."))
        if not self.env.su and self.consent_id.filtered(lambda consent: consent.user_id == self.env.user):
            raise UserError(self.env._("Whoever recorded a consent does not take it off."))
        self.sudo().write({"consent_on": False, "consent_id": False})

    @api.model
    def _at(self, persons, day, company):
        """Employments of ``persons`` on a business day of ``company``, in one query."""
        domain = Domain("company_id", "=", company.id) & Domain("person_id", "in", persons.ids)
        return self.search(domain & in_force(day))
