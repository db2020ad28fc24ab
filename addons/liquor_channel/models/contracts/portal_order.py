from odoo import fields, models
from odoo.exceptions import LockError, UserError

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

MOST_CASES = 100_000
SHOWN = 200


class SaleOrder(models.Model):
    _inherit = "sale.order"

    liquor_ordered_by_id = fields.Many2one(
        "res.users", string="Ordered in the Portal By", readonly=True, copy=False, ondelete="restrict"
    )

    _liquor_one_portal_draft = models.UniqueIndex(
        "(company_id, partner_id) WHERE state = 'draft' AND liquor_ordered_by_id IS NOT NULL",
        "This distributor has a draft in the portal already.",
    )

    def _liquor_portal_draft(self, role):
        """The draft that a distributor fills in his portal; empty where there is none."""
        return self.sudo().search([
            ("company_id", "=", role.company_id.id),
            ("partner_id", "=", role.partner_id.id),
            ("state", "=", "draft"),
            ("liquor_ordered_by_id", "!=", False),
        ])

    def _liquor_portal_products(self, role, text=""):
        """What a distributor may order, with its price a bottle by the ladder of today: list of dicts by name."""
        company = role.company_id
        domain = [
            ("sale_ok", "=", True),
            ("type", "=", "consu"),
            ("company_id", "in", (False, company.id)),
        ]
        if text:
            domain += ["|", ("name", "ilike", text), ("default_code", "ilike", text)]
        products = self.env["product.product"].sudo().with_company(company).search(domain, order="name", limit=1000)
        products = self._liquor_portal_covered(role, products)[:SHOWN]
        ladders = self.env["liquor.price.ladder"].sudo()._ladders(company, products, role.territory_id, today(company))
        takes = self.sudo()._liquor_rebate_products(company, products)
        return [
            {
                "product": product,
                "takes_rebate": product in takes,
                "per_case": product.liquor_bottles_per_case or 1,
                "price": ladders[product.id, role.territory_id.id].price_factory,
            }
            for product in products
            if ladders.get((product.id, role.territory_id.id))
            and ladders[product.id, role.territory_id.id].price_factory
        ]

    def _liquor_portal_covered(self, role, products):
        partner = role.partner_id
        coverage = self.env["liquor.agreement.right"]._coverage(role.company_id, partner, today(role.company_id))
        return products.filtered(
            lambda product: (
                not coverage.needs_right(partner, product) or coverage.right_of(partner, product, role.territory_id)
            )
        )

    def _liquor_portal_rebate(self, role):
        """What rebate a distributor may use on his next order.

        :return: {"usable" (in the account, now), "percent" (at most of the goods that take it), "families" (names;
            empty = all but quota wine)}
        """
        company = role.company_id
        accounts = (
            self
            .env["liquor.rebate.account"]
            .sudo()
            .search([
                ("company_id", "=", company.id),
                ("partner_id", "=", role.partner_id.id),
                ("currency_id", "=", company.currency_id.id),
            ])
        )
        return {
            "usable": sum(accounts._usable().values()),
            "percent": company.liquor_order_rebate_percent,
            "families": company.liquor_rebate_category_ids.sudo().mapped("name"),
        }

    def _liquor_portal_fill(self, role, cases, user):
        """Write a distributor's draft anew: products and prices are the server's.

        :param cases: {product id: number of cases}; what he may not order is refused
        :return: the draft in sudo; empty where nothing is ordered and none was there
        :raises UserError: a product that he may not order
        """
        offered = {row["product"].id: row for row in self._liquor_portal_products(role)}
        wanted = {number: count for number, count in cases.items() if count > 0}
        if any(count > MOST_CASES for count in wanted.values()):
            raise UserError(self.env._("At most %(most)s cases of a product in one order.", most=f"{MOST_CASES:,}"))
        if wanted.keys() - offered.keys():
            raise UserError(self.env._("You cannot order one of these products. Open the page again."))
        draft = self._liquor_portal_draft(role)
        draft._liquor_portal_lock()
        lines = [
            fields.Command.create({"product_id": number, "product_uom_qty": count * offered[number]["per_case"]})
            for number, count in wanted.items()
        ]
        if not wanted:
            draft.unlink()
            return draft.browse()
        if draft:
            draft.write({"order_line": [fields.Command.clear(), *lines], "liquor_ordered_by_id": user.id})
            return draft
        with loser_retries(self.env, self._liquor_one_portal_draft.full_name(self)):
            return (
                self
                .sudo()
                .with_company(role.company_id)
                .create({
                    "partner_id": role.partner_id.id,
                    "company_id": role.company_id.id,
                    "liquor_ordered_by_id": user.id,
                    "order_line": lines,
                })
            )

    def _liquor_portal_lock(self):
        """Let one page at a time change a draft; a second one is told, it does not wait.

        :raises UserError: somebody else of the same company is at it
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(self.env._("Somebody is changing this order right now. Open it again.")) from error

    def _liquor_portal_confirm(self, seen):
        """Order what he saw, at the price he saw.

        :param seen: total as the page showed it
        :raises UserError: it changed meanwhile, or no contract covers it, or there is nothing on it
        """
        self.ensure_one()
        self._liquor_portal_lock()
        if self.state != "draft" or not self._liquor_goods():
            raise UserError(self.env._("There is nothing to order."))
        if seen != f"{self.amount_total:.2f}":
            raise UserError(self.env._("The order has changed since you looked at it. Read it again, then order."))
        self.with_context(mail_notrack=True).action_confirm()
