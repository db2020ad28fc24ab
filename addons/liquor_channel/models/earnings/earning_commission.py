from odoo import fields, models


class LiquorEarning(models.Model):
    """Of a commission: for whose trade it is paid, who is directly above him, and over how many levels (C60)."""

    _inherit = "liquor.earning"

    commission_level = fields.Integer(readonly=True, default=0, aggregator=None, help="0: for the own trade.")
    commission_of_id = fields.Many2one(
        "res.partner", string="For the Trade Of", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    commission_parent_id = fields.Many2one(
        "res.partner", string="Supplied By", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _commission_names_its_tree = models.Constraint(
        """CHECK (COALESCE(commission_level, 0) = 0 AND commission_of_id IS NULL AND commission_parent_id IS NULL
                  OR commission_level IN (1, 2) AND commission_of_id <> partner_id AND commission_parent_id IS NOT NULL
                     AND (commission_level = 1) = (commission_parent_id = partner_id)
                     AND beneficiary_kind IN ('distributor', 'sub_distributor'))""",
        "A commission names whose trade it is and who is above him; it is paid over one or two levels.",
    )

    def _why_per_unit(self, trace, outward):
        lines = super()._why_per_unit(trace, outward)
        if not self.commission_level:
            return lines
        names = {"who": self.commission_of_id.name, "parent": self.commission_parent_id.name}
        if self.commission_level == 1:
            return [self.env._("Commission of the first level for the trade of %(who)s.", **names), *lines]
        return [
            self.env._("Commission of the second level for the trade of %(who)s, supplied by %(parent)s.", **names),
            *lines,
        ]
