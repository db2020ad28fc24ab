from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.liquor_member.tools.business_day import today

from ...engine.common.money import ZERO, decimal

# What only the steps of the agreement write: nobody consents for the distributor.
ACCEPTANCE = {"state", "sent_at", "accepted_by_id", "accepted_at", "ended_on", "text_version", "text_hash"}


class LiquorAgreement(models.Model):
    """What a distributor or a shop signs: consent to carry a share, the yearly contract, the shop's contract (R19).

    Without acceptance nothing is charged, promised or paid. Targets, rights and payments lie in the room ``contracts``.
    """

    _name = "liquor.agreement"
    _description = "Agreement"
    _inherit = ("liquor.guarded.mixin", "liquor.own.currency.mixin", "mail.thread", "mail.activity.mixin")
    _check_company_auto = True
    _order = "date_start desc, id desc"
    _rec_names_search = ("name", "distributor_id.name")

    name = fields.Char("Number", required=True, copy=False, default=lambda self: self.env._("New"), readonly=True)
    kind = fields.Selection(
        [
            ("co_funding", "Co-funding"),
            ("distributor", "Distributor's Contract"),
            ("terminal", "Shop's Contract"),
        ],
        required=True,
        default="co_funding",
        tracking=True,
    )
    distributor_id = fields.Many2one("res.partner", index=True, ondelete="restrict", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("accepted", "Accepted"), ("ended", "Ended")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company), tracking=True)
    date_end = fields.Date(tracking=True)
    line_ids = fields.One2many("liquor.agreement.line", "agreement_id", string="Shares", copy=True)
    text = fields.Html(string="Text of the Agreement", help="What the distributor reads before he accepts.")
    sent_at = fields.Datetime(readonly=True, copy=False)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", tracking=True)
    accepted_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    ended_on = fields.Date(readonly=True, copy=False)

    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "An agreement cannot end before it starts.",
    )
    _accepted_by_somebody = models.Constraint(
        "CHECK (state <> 'accepted' OR (accepted_by_id IS NOT NULL AND accepted_at IS NOT NULL))",
        "An accepted agreement names who accepted it and when.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, **dict.fromkeys(ACCEPTANCE, False), "state": "draft"} for vals in vals_list]
        agreements = super().create(vals_list)
        for agreement in agreements.filtered(lambda a: a.name == self.env._("New")):
            sequence = self.env["ir.sequence"].sudo().with_company(agreement.company_id)
            agreement.sudo().name = sequence.next_by_code("liquor.agreement") or agreement.name
        return agreements

    def write(self, vals):
        if ACCEPTANCE & vals.keys() and not self.env.su:
            raise AccessError(self.env._("An agreement is accepted by its party, not by writing its state."))
        sent = self.filtered(lambda agreement: agreement.state != "draft")
        if sent and not vals.keys() <= ACCEPTANCE | {"date_end", "name"}:
            raise UserError(self.env._("An agreement that was sent cannot change: end it and write a new one."))
        if "date_end" in vals:
            sent._check_end_is_earlier(fields.Date.to_date(vals["date_end"]))
        return super().write(vals)

    def _check_end_is_earlier(self, day):
        """The distributor consented to the last day that he read: it can come earlier, never later."""
        for agreement in self:
            if not day or (agreement.date_end and day > agreement.date_end):
                raise UserError(self.env._("An agreement that was sent can only end earlier."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda agreement: agreement.state != "draft"):
            raise UserError(self.env._("An agreement that was sent cannot be deleted."))

    def action_send(self):
        """Show the drafts to their parties in the portal."""
        self.check_access("write")
        for agreement in self:
            if agreement.state != "draft" or not agreement._has_terms():
                raise UserError(
                    self.env._("Only a draft with at least one share, target, right or payment can be sent.")
                )
        self.sudo().write({"state": "sent", "sent_at": fields.Datetime.now()})

    def action_draft(self):
        """Take back what was sent and not accepted."""
        self.check_access("write")
        if self.filtered(lambda agreement: agreement.state != "sent"):
            raise UserError(self.env._("Only an agreement that waits for its party can be taken back."))
        self.sudo().write({"state": "draft", "sent_at": False})

    def action_end(self):
        """End accepted agreements today: from tomorrow on the brand carries everything."""
        self.check_access("write")
        for agreement in self:
            if agreement.state != "accepted":
                raise UserError(self.env._("Only an accepted agreement can be ended."))
            agreement.sudo().write({"state": "ended", "ended_on": today(agreement.company_id)})

    def _accept(self, user):
        """Accept as a user of the party that signs, in his own name.

        :param user: res.users whose company partner is the party
        :raises AccessError: it is not his agreement
        :raises UserError: it does not wait for him
        """
        self.ensure_one()
        if user.partner_id.commercial_partner_id != self.party_id:
            raise AccessError(self.env._("Only the party itself accepts its agreement."))
        if self.state != "sent":
            raise UserError(self.env._("This agreement does not wait for acceptance."))
        self.sudo().write({"state": "accepted", "accepted_by_id": user.id, "accepted_at": fields.Datetime.now()})

    @api.model
    def _funding_share(self, company, distributor, policies, day):
        """Share of a distributor in what the policies pay on a business day.

        :return: (share as a Decimal from 0 to 1, agreement); with several policies the largest share;
            (0, empty) without an accepted agreement in force
        """
        wanted = [(distributor.id, policy.id, 0, day) for policy in policies]
        lines = self.env["liquor.agreement.line"]._in_force(company, wanted).values()
        best = max(lines, key=lambda line: line.share, default=None)
        return (decimal(best.share) / 100, best.agreement_id) if best else (ZERO, self.browse())
