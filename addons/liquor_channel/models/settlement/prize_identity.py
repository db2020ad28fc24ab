import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.liquor_member.tools.secrets_box import box
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.settlement import identity


class LiquorPrizeIdentity(models.Model):
    """Name and ID of somebody who gets a prize above the limit (trade.md R20), sealed; who looks at it is noted.

    Given by himself, on his own page. What is shown is masked; finance opens one for the tax office.
    """

    _name = "liquor.prize.identity"
    _description = "Name and ID for Prizes"
    _inherit = ["liquor.channel.watched"]
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "masked_name"
    _watched = frozenset({"masked_name", "masked_number"})

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    kind = fields.Selection(
        [("resident", "Resident ID Card"), ("other", "Passport or Permit")], required=True, readonly=True
    )
    masked_name = fields.Char("Name of Winner", readonly=True)
    masked_number = fields.Char("ID Number", readonly=True)
    secret = fields.Char(readonly=True, copy=False, groups=".")
    number_index = fields.Char(readonly=True, copy=False, groups=".", index="btree_not_null")
    given_at = fields.Datetime(required=True, readonly=True)
    shared_count = fields.Integer(
        compute="_compute_shared_count", compute_sudo=True, help="Other people who gave the same number."
    )

    _one_a_person = models.UniqueIndex("(company_id, partner_id)", "This person's name and ID are known.")

    @api.depends("number_index")
    def _compute_shared_count(self):
        known = self.filtered("number_index")
        counts = dict(
            self._read_group(
                [("number_index", "in", known.mapped("number_index"))], ["number_index"], ["partner_id:count_distinct"]
            )
        )
        for row in self:
            row.shared_count = max(0, counts.get(row.number_index, 1) - 1)

    @api.model
    def _of(self, company, partners):
        """Return ``{partner: what he gave}``, in one query."""
        rows = self.sudo().search([("company_id", "=", company.id), ("partner_id", "in", partners.ids)])
        return {row.partner_id: row for row in rows}

    @api.model
    def _give(self, company, partner, kind, name, number):
        """Store or replace what somebody gave; called by his own page.

        :raises ValidationError: no name, or no number of that kind
        """
        name, number = (name or "").strip()[:100], identity.normalise((number or "")[:60])
        if kind not in ("resident", "other") or len(name) < 2 or not identity.is_number(kind, number):
            raise ValidationError(self.env._("This is no name and ID number: check them and enter them again."))
        row = self._of(company, partner).get(partner)
        values = {
            "kind": kind,
            "masked_name": identity.masked_name(name),
            "masked_number": identity.masked_number(number),
            "number_index": box().blind_index(number, self._name),
            "given_at": fields.Datetime.now(),
        }
        if row:
            row.write(values)
        else:
            with loser_retries(self.env, self._one_a_person.full_name(self)):
                row = self.sudo().create({"company_id": company.id, "partner_id": partner.id, **values})
        row.secret = box().encrypt(json.dumps([name, number]), row._secret_place())
        return row

    def _secret_place(self):
        return (self._name, self.id, "secret")

    def action_reveal(self):
        """Show one name and number to channel finance, for the tax office; the look is noted before it is shown."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance opens names and ID numbers."))
        self.env["liquor.channel.access"]._note("view", self._name, "secret", self.ids)
        name, number = json.loads(box().decrypt(self.sudo().secret, self._secret_place()))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"title": name, "message": number, "sticky": True},
        }

    @api.model
    def _missing(self, company, amounts):
        """Partners who get more than the limit and gave neither name nor ID; one query.

        :param amounts: {partner: what he gets}
        """
        limit = company.liquor_prize_identity_limit
        above = self.env["res.partner"].union(
            *(partner for partner, amount in amounts.items() if company.currency_id.compare_amounts(amount, limit) > 0)
        )
        return above - self.env["res.partner"].union(*self._of(company, above)) if limit and above else above.browse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Names and ID numbers of prizes are kept for the tax office."))
