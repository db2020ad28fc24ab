from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class LiquorAgreementLine(models.Model):
    _inherit = "liquor.agreement.line"

    subject = fields.Selection(
        [("rewards", "Rewards of his shops"), ("benefits", "Benefits of members")],
        string="What Is Shared",
        required=True,
        default="rewards",
        help="What he consents to carry a share of; the one does not imply the other (C53).",
    )

    _subject_unique = models.UniqueIndex(
        "(agreement_id, subject, COALESCE(policy_id, 0), COALESCE(category_id, 0))",
        "There is a share for this policy and these products already.",
    )
    _benefits_of_no_policy = models.Constraint(
        "CHECK (subject = 'rewards' OR policy_id IS NULL)", "Benefits of members belong to no policy."
    )

    @api.constrains("per_unit", "subject", "policy_id")
    def _check_unit(self):
        """What a period is paid for is no number of bottles: of that a share is in per cent."""
        for line in self.filtered("per_unit"):
            if line.subject == "rewards" and line.policy_id.kind != "per_unit":
                raise ValidationError(
                    self.env._("A share per unit is of benefits, or of a policy that pays at once for each fact.")
                )

    def _accepted(self, company, distributor_ids):
        """Of rewards only: a share of benefits is another consent."""
        return super()._accepted(company, distributor_ids)._of_rewards()

    def _of_rewards(self):
        return super()._of_rewards().filtered(lambda line: line.subject == "rewards")

    def _for_benefit(self, company, distributor, product, day):
        """The line by which a distributor carries a share of a member's benefit; empty without his consent."""
        lines = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("subject", "=", "benefits")
            & Domain("agreement_id.distributor_id", "=", distributor.id)
            & Domain("agreement_id.state", "in", ("accepted", "ended"))
        )
        newest = lines.sorted(lambda line: (line.agreement_id.accepted_at, line.id), reverse=True)
        path = self.env["liquor.channel.assignment"]._category_path(product.categ_id) if product else [False]
        return newest._best(None, path, day) or self.browse()
