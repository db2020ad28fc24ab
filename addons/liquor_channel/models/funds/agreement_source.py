from odoo import api, fields, models
from odoo.exceptions import ValidationError

SOURCE_KINDS = [
    ("order", "With his orders, so much a case"),
    ("rebate", "Rebate account"),
    ("deposit", "Prefunded deposit"),
    ("prepayment", "Prepayment for goods"),
    ("open", "Open debt"),
]


class LiquorAgreementSource(models.Model):
    """Where the distributor's share comes from, in the order that he reads and accepts (trade.md R5).

    What none of the sources holds waits: an open debt arises only where it is named, and then as the last one.
    """

    _name = "liquor.agreement.source"
    _description = "Source of a Share"
    _inherit = ("liquor.labelled.mixin", "liquor.agreement.part")
    _check_company_auto = True
    _order = "agreement_id, sequence, id"
    _rec_name = "kind"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(SOURCE_KINDS, required=True)
    per_case = fields.Monetary("A Case", help="What each case of an order carries, as a line he approves with it.")

    _kind_unique = models.UniqueIndex("(agreement_id, kind)", "Each source is named once.")
    _per_case_bounds = models.Constraint(
        """CHECK (COALESCE(per_case, 0) BETWEEN 0 AND 1000000
            AND (kind <> 'order' OR per_case > 0) AND (kind = 'order' OR COALESCE(per_case, 0) = 0))""",
        "So much a case is said for orders, and only there.",
    )

    @api.constrains("kind", "sequence", "agreement_id")
    def _check_open_is_last(self):
        for agreement in self.agreement_id:
            kinds = agreement.source_ids.sorted(lambda source: (source.sequence, source.id)).mapped("kind")
            if "open" in kinds[:-1]:
                raise ValidationError(self.env._("An open debt is the last source."))
