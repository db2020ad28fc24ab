from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.liquor_member.tools.business_day import today

from ...tools.dates import in_force

RUNGS = ("factory", "terminal", "group", "retail", "market")
MOST = 10**9


class LiquorPriceLadder(models.Model):
    """Prices of one bottle at every rung, dated per product and territory; receipts and openings are valued by it."""

    _name = "liquor.price.ladder"
    _description = "Price Ladder"
    _inherit = ("liquor.own.currency.mixin", "mail.thread")
    _check_company_auto = True
    _order = "product_id, territory_id, date_start desc, id"
    _rec_names_search = ("product_id", "territory_id.name", "date_start")

    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    territory_id = fields.Many2one(
        "liquor.territory",
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Empty: everywhere without a ladder of its own.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    date_start = fields.Date(required=True, default=lambda self: today(self.env.company), tracking=True)
    date_end = fields.Date(tracking=True)
    price_factory = fields.Monetary(string="Factory Price", tracking=True, aggregator="avg")
    price_terminal = fields.Monetary(string="Shop Supply Price", tracking=True, aggregator="avg")
    price_group = fields.Monetary(string="Group-buying Price", tracking=True, aggregator="avg")
    price_retail = fields.Monetary(string="Suggested Retail Price", tracking=True, aggregator="avg")
    price_market = fields.Monetary(
        string="Market Price", tracking=True, aggregator="avg", help="Wholesale price seen in the market."
    )

    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(product_id, product_id, '[]') WITH &&,
            int4range(COALESCE(territory_id, 0), COALESCE(territory_id, 0), '[]') WITH &&,
            daterange(date_start, date_end, '[]') WITH &&
        )""",
        "This product has a price ladder in this territory on some of these days already.",
    )
    _dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A price ladder cannot end before it starts.",
    )
    _bounds = models.Constraint(
        "CHECK (" + " AND ".join(f"COALESCE(price_{rung}, 0) BETWEEN 0 AND {MOST}" for rung in RUNGS) + ")",
        "A price lies between 0 and 1,000,000,000.",
    )

    @api.depends("product_id.display_name", "territory_id.name", "date_start")
    def _compute_display_name(self):
        for ladder in self:
            parts = [ladder.product_id.display_name, ladder.territory_id.name, str(ladder.date_start or "")]
            ladder.display_name = " · ".join(part for part in parts if part)

    def write(self, vals):
        """A price that was in force stays: what was earned is counted again by it. The market's is an observation.

        :raises UserError: another price, product, place or first day of a ladder of days gone by
        """
        terms = vals.keys() & {"product_id", "territory_id", "company_id", "currency_id", "date_start"}
        terms |= vals.keys() & {f"price_{rung}" for rung in RUNGS if rung != "market"}
        if not self.env.su:
            end = fields.Date.to_date(vals.get("date_end"))
            for ladder in self._of_days_gone_by():
                day = today(ladder.company_id)
                over = ladder.date_end and ladder.date_end < day
                if terms or ("date_end" in vals and (over or (end and end < fields.Date.subtract(day, days=1)))):
                    raise UserError(self.env._("A price that was in force stays: end it and write the next one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if not self.env.su and self._of_days_gone_by():
            raise UserError(self.env._("A price that was in force stays: end it and write the next one."))

    def _of_days_gone_by(self):
        """Ladders that held before today; on its first day a slip of the pen is still mended."""
        return self.filtered(lambda ladder: ladder.date_start < today(ladder.company_id))

    @api.model
    def _price(self, company, product, territory, day, rung):
        """Price of one bottle on a business day.

        :return: (price in the ladder's currency, ladder); (0.0, empty) where no ladder is in force
        """
        ladder = self._ladders(company, product, territory, day).get((product.id, territory.id), self.browse())
        return ladder._rung(rung), ladder

    @api.model
    def _ladders(self, company, products, territories, day):
        """Ladder in force for each product and territory, the nearest territory first, in one query.

        :param territories: recordset; an empty one asks for the ladders that hold everywhere
        :return: {(product id, territory id or False): ladder}
        """
        ancestors = territories._ancestors()
        wide = set().union(*ancestors.values()) if ancestors else set()
        lines = self.search(
            Domain("company_id", "=", company.id)
            & Domain("product_id", "in", products.ids)
            & Domain("territory_id", "in", [*wide, False])
            & in_force(day)
        )
        by_place = {(line.product_id.id, line.territory_id.id): line for line in lines}
        found = {}
        for territory in territories or (territories,):
            path = [int(step) for step in (territory.parent_path or "").split("/") if step]
            for product in products:
                places = ((product.id, place) for place in [*reversed(path), False])
                ladder = next((by_place[place] for place in places if place in by_place), None)
                if ladder:
                    found[product.id, territory.id] = ladder
        return found

    def _rung(self, rung):
        """Price at ``rung``; 0.0 for no ladder."""
        if rung not in RUNGS:
            raise UserError(self.env._("There is no price rung %(rung)s.", rung=rung))
        return self[f"price_{rung}"] if self else 0.0
