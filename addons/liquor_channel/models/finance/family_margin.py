from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...tools.dates import in_force

MOST = 10**9


class LiquorFamilyMargin(models.Model):
    """What a bottle of a product family earns, typed by a manager where no cost price says it (C9)."""

    _name = "liquor.family.margin"
    _description = "Margin of a Product Family"
    _check_company_auto = True
    _order = "category_id, date_start desc, id"
    _rec_name = "category_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    category_id = fields.Many2one(
        "product.category",
        string="Product Family",
        required=True,
        ondelete="restrict",
        help="Holds for families below it that have none of their own.",
    )
    margin = fields.Monetary("Margin per Bottle", required=True, aggregator=None, help="Without tax, before spend.")
    source = fields.Char("Where From", required=True, help="The calculation or paper that the margin is taken from.")
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company))
    date_end = fields.Date()

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(category_id, category_id, '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&
        )""",
        "This family has a margin on some of these days already.",
    )
    _dates = models.Constraint("CHECK (date_end IS NULL OR date_end >= date_start)", "A margin ends before it starts.")
    _bounds = models.Constraint(
        f"CHECK (margin BETWEEN -{MOST} AND {MOST})", "A margin lies between -1,000,000,000 and 1,000,000,000."
    )

    def _of_products(self, company, products, day):
        """Margin in force for each product, the nearest family first: {product: margin record}, in one query."""
        rows = self.search(Domain("company_id", "=", company.id) & in_force(day))
        by_family = {row.category_id.id: row for row in rows}
        found = {}
        for product in products:
            path = (product.categ_id.parent_path or "").split("/")
            row = next((by_family[int(step)] for step in reversed(path) if step and int(step) in by_family), None)
            if row:
                found[product] = row
        return found
