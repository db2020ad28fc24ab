from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import business_day

from ...engine.common.money import decimal
from ...engine.earnings.sharing import carried


class LiquorAgreementLine(models.Model):
    """The distributor's share for a policy, or for a product category, or for everything."""

    _name = "liquor.agreement.line"
    _description = "Share in an Agreement"
    _inherit = ("liquor.agreement.part",)
    _check_company_auto = True
    _order = "agreement_id, id"
    _rec_names_search = ("policy_id.name", "category_id.name", "agreement_id.name")

    policy_id = fields.Many2one("liquor.policy", ondelete="restrict", check_company=True)
    category_id = fields.Many2one("product.category", string="Products", ondelete="restrict")
    share = fields.Float(string="Share (%)", digits=(5, 2), required=True, default=0.0)
    per_unit = fields.Monetary(
        "Amount per Unit",
        help="Instead of per cent: so much for each bottle rewarded, or for each benefit handed over, never more than"
        " was paid.",
    )
    cap_amount = fields.Monetary(string="Cap", help="Most that the distributor carries by this line; 0 = none.")

    _bounds = models.Constraint(
        """CHECK (COALESCE(cap_amount, 0) BETWEEN 0 AND 1000000000000
            AND ((share > 0 AND share <= 100 AND COALESCE(per_unit, 0) = 0)
                 OR (share = 0 AND COALESCE(per_unit, 0) > 0 AND per_unit <= 1000000)))""",
        "A share is either above 0 % and at most 100 %, or an amount per unit; a cap is not negative.",
    )
    _subject_unique = models.UniqueIndex(
        "(agreement_id, COALESCE(policy_id, 0), COALESCE(category_id, 0))",
        "There is a share for this policy and these products already.",
    )

    @api.depends("share", "per_unit", "currency_id", "policy_id.name", "category_id.name")
    def _compute_display_name(self):
        for line in self:
            subject = line.policy_id.name or line.category_id.name or self.env._("All policies")
            line.display_name = f"{subject} {line._share_words()}"

    def _share_words(self):
        """What is carried, in words: 30 %, or an amount per unit."""
        if not self.per_unit:
            return f"{self.share:g} %"
        return self.env._("%(amount)s per unit", amount=self.currency_id.format(self.per_unit))

    def _carried_of(self, amount, units, digits=2):
        """What the distributor carries of an amount that was paid for so many bottles, or for one benefit."""
        return carried(amount, decimal(self.share), decimal(self.per_unit or 0), units, digits)

    @api.constrains("policy_id", "agreement_id")
    def _check_policy_is_not_own(self):
        for line in self:
            if line.policy_id.beneficiary_kind == "distributor":
                raise ValidationError(self.env._("A distributor does not carry a share of his own rebate."))

    def _content(self):
        """What the party reads of this share."""
        return {
            "policy": self.policy_id.name or None,
            "products": self.category_id.display_name or None,
            "share": f"{self.share:.2f}",
            "cap": f"{self.cap_amount:.2f}",
            # agreements that were accepted before there was a share per unit read as they did
            **({"per_unit": f"{self.per_unit:.2f}"} if self.per_unit else {}),
        }

    def _cap_key(self):
        """Key of the counter of this line's cap."""
        return f"agreement/{self.id}"

    @api.model
    def _in_force(self, company, wanted):
        """The share that holds for each request, in a constant number of queries.

        A line of the policy goes before one of the product's category (the deepest first), which goes before a
        line for everything; of several agreements the newest counts. An agreement holds from the day of its
        acceptance: what was earned before is never charged.

        :param wanted: collection of (distributor id, policy id, product id or 0, business day)
        :return: {request: agreement line}; a request without share is absent
        """
        if not wanted:
            return {}
        lines = self._accepted(company, {row[0] for row in wanted}).sorted(
            lambda line: (line.agreement_id.accepted_at, line.id), reverse=True
        )
        by_distributor = lines.grouped(lambda line: line.agreement_id.distributor_id.id)
        paths = self._paths({row[2] for row in wanted}) if lines else {}
        found = {}
        for distributor, policy, product, day in wanted:
            own = by_distributor.get(distributor, self.browse())
            line = own._best(policy, paths.get(product, [False]), day)
            if line:
                found[distributor, policy, product, day] = line
        return found

    def _accepted(self, company, distributor_ids):
        return self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("agreement_id.distributor_id", "in", list(distributor_ids))
            & Domain("agreement_id.state", "in", ("accepted", "ended"))
        )

    @api.model
    def _bearing(self, wanted):
        """The line by which an agreement carried a share, whether or not it still holds: its cap counts that share.

        :param wanted: collection of (agreement id, policy id, product id or 0)
        :return: {request: agreement line}; what the agreement does not share is absent
        """
        wanted = {row for row in wanted if row[0]}
        if not wanted:
            return {}
        lines = self.sudo().search([("agreement_id", "in", [row[0] for row in wanted])], order="id desc")
        by_agreement = lines._of_rewards().grouped(lambda line: line.agreement_id.id)
        paths = self._paths({row[2] for row in wanted}) if lines else {}
        found = {row: by_agreement.get(row[0], self.browse())._nearest(row[1], paths.get(row[2])) for row in wanted}
        return {row: line for row, line in found.items() if line}

    def _of_rewards(self):
        """Shares of what shops earn; a room that adds others leaves them out."""
        return self

    def _paths(self, product_ids):
        products = self.env["product.product"].sudo().browse(product_ids - {0})
        path_of = self.env["liquor.channel.assignment"]._category_path
        return {product.id: path_of(product.categ_id) for product in products}

    def _best(self, policy, path, day):
        """Of one distributor's lines, newest first, the one that holds for a policy and category path."""
        return self.filtered(lambda line: line._holds_on(day))._nearest(policy, path)

    def _nearest(self, policy, path=None):
        """Of lines, newest first, that of the policy, else the nearest along the path of a product's categories."""
        path = path or [False]
        own = [line for line in self if line.policy_id.id == policy]
        if own:
            return own[0]
        general = [line for line in self if not line.policy_id]
        for category in path:
            for line in general:
                if line.category_id.id == category:
                    return line
        return None

    def _holds_on(self, day):
        agreement = self.agreement_id
        if not agreement.accepted_at:
            return False
        first = max(agreement.date_start, business_day(agreement.company_id, agreement.accepted_at))
        ends = [end for end in (agreement.date_end, agreement.ended_on) if end]
        return first <= day and all(day <= end for end in ends)
