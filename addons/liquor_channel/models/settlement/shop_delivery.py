from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today
from odoo.addons.liquor_member.tools.unique_loser import loser_retries

from ...engine.common.money import ZERO, decimal
from ...engine.settlement.goods import earned_goods
from ...tools.book_turn import take_book_turn
from ..accounts.account_move import OWN_HAND
from ..earnings.earning import CURRENT_STATE

FLOW = {"draft": ("approved", "cancelled"), "approved": ("delivered", "cancelled")}


class LiquorShopDelivery(models.Model):
    """门店货补单: goods that a shop earned reach it, by its distributor's order in kind or by one of the maker's own.

    By its distributor: he hands the bottles out and gets them back on an order in kind beside his paid order (trade.md
    R4); what is owed moves from the shop to him. By the maker: an order in kind to the shop itself, quantity and equal
    discount. Either way bottles and money leave 2204.G with the invoice.
    """

    _name = "liquor.shop.delivery"
    _description = "Goods Owed to a Shop"
    _inherit = ["liquor.numbered.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Shop", required=True, index=True, ondelete="restrict", tracking=True)
    way = fields.Selection(
        [("distributor", "By its distributor"), ("maker", "By the maker")],
        "Delivered",
        required=True,
        default="distributor",
        tracking=True,
    )
    distributor_id = fields.Many2one(
        "res.partner", compute="_compute_distributor_id", store=True, readonly=False, ondelete="restrict", tracking=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "On the way"), ("delivered", "Delivered"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    author_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True, copy=False, ondelete="restrict"
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    approved_on = fields.Date(readonly=True, copy=False)
    line_ids = fields.One2many("liquor.shop.delivery.line", "delivery_id", readonly=True)
    order_line_ids = fields.One2many("sale.order.line", "liquor_shop_delivery_id", readonly=True)
    order_ids = fields.Many2many("sale.order", compute="_compute_order_ids", string="Orders in Kind")
    move_ids = fields.One2many("account.move", "liquor_shop_delivery_id", "Journal Entries", readonly=True)
    bottles = fields.Float(readonly=True, copy=False, digits=(16, 2), aggregator="sum")
    amount = fields.Monetary("Worth", readonly=True, copy=False, aggregator="sum")

    _approver_differs = models.Constraint(
        "CHECK (approved_by_id IS NULL OR approved_by_id <> author_id)",
        "Goods for a shop are approved by somebody else than their author.",
    )
    _bounds = models.Constraint(
        "CHECK (COALESCE(amount, 0) BETWEEN 0 AND 1000000000000 AND COALESCE(bottles, 0) BETWEEN 0 AND 1000000000)",
        "Bottles and their worth are out of bounds.",
    )
    _has_distributor = models.Constraint(
        "CHECK (state IN ('draft', 'cancelled') OR way <> 'distributor' OR distributor_id IS NOT NULL)",
        "Name the distributor who delivers.",
    )
    _one_draft = models.UniqueIndex("(company_id, partner_id) WHERE state = 'draft'", "This shop has a draft.")

    @api.depends("partner_id", "company_id")
    def _compute_distributor_id(self):
        assignments = self.env["liquor.channel.assignment"].sudo()
        for company, deliveries in self.filtered("company_id").grouped("company_id").items():
            lines = assignments._between(deliveries.partner_id.ids, today(company), today(company), company)
            first = {line.terminal_id: line.distributor_id for line in lines.sorted("id", reverse=True)}
            for delivery in deliveries:
                delivery.distributor_id = first.get(delivery.partner_id)

    @api.depends("order_line_ids.order_id")
    def _compute_order_ids(self):
        for delivery in self:
            delivery.order_ids = delivery.sudo().order_line_ids.order_id

    @api.constrains("partner_id", "company_id")
    def _check_is_shop(self):
        for delivery in self:
            if not delivery.partner_id._liquor_role("terminal", delivery.company_id):
                raise ValidationError(self.env._("%(partner)s is no shop of yours.", partner=delivery.partner_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        """Take what the shop is owed, once at a time."""
        wanted = {(vals.get("company_id") or self.env.company.id, vals.get("partner_id")) for vals in vals_list}
        for draft in self.search([("state", "=", "draft"), ("partner_id", "in", [shop for _company, shop in wanted])]):
            if (draft.company_id.id, draft.partner_id.id) in wanted:
                raise UserError(self.env._("%(shop)s has a draft: collect there.", shop=draft.partner_id.name))
        with loser_retries(self.env, self._one_draft.full_name(self)):
            return super().create(vals_list)

    def write(self, vals):
        """Refuse other terms once they were approved."""
        if {"company_id", "partner_id", "way", "distributor_id"} & vals.keys() and self.filtered(
            lambda item: item.state != "draft"
        ):
            raise UserError(self.env._("What was approved stays: cancel it instead."))
        if "partner_id" in vals and self.line_ids:
            raise UserError(self.env._("Goods of this shop are collected already: make a new paper."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(delivery.state != "draft" for delivery in self):
            raise UserError(self.env._("Only a draft can be deleted."))

    # ------------------------------------------------------------------ collect
    @api.model
    def action_collect_all(self):
        """Make or fill a draft for every shop that is owed goods."""
        self.browse().check_access("create")
        company = self.env.company
        shops = self.env["res.partner"].browse(sorted({row[0] for row in self.sudo()._owed(company)}))
        drafts = self.search([("company_id", "=", company.id), ("state", "=", "draft")])
        drafts |= self.create([{"partner_id": shop.id} for shop in shops - drafts.partner_id])
        drafts.filtered(lambda draft: draft.partner_id in shops).action_collect()
        return self.env["ir.actions.act_window"]._for_xml_id("liquor_channel.shop_delivery_action")

    def action_collect(self):
        """Take the goods that can be had and are on no other paper."""
        self.check_access("write")
        self.lock_for_update()
        for company, drafts in self.sudo().grouped("company_id").items():
            if drafts.filtered(lambda draft: draft.state != "draft"):
                raise UserError(self.env._("%(name)s has moved on already.", name=drafts[0].name))
            by_shop = {draft.partner_id.id: draft for draft in drafts}
            rows = [
                (by_shop[shop].id, company.id, company.currency_id.id, earning, float(amount), True)
                for shop, earning, amount in self.sudo()._owed(company, drafts.partner_id)
            ]
            drafts._take(rows)
            drafts._write_sums()

    def _take(self, rows):
        lines = self.env["liquor.shop.delivery.line"].sudo()
        if rows:
            with loser_retries(self.env, lines._one_live.full_name(lines)):
                lines._bulk_insert(["delivery_id", "company_id", "currency_id", "earning_id", "amount", "live"], rows)
        self.invalidate_recordset(["line_ids"])

    @api.model
    def _owed(self, company, shops=None):
        """Rows (shop id, earning id, worth) of goods that shops can have and no live paper delivers; one query."""
        for name in ("liquor.earning", "liquor.earning.state", "liquor.shop.delivery.line"):
            self.env[name].flush_model()
        return self.env.execute_query(
            SQL(
                """SELECT e.partner_id, e.id, e.amount FROM liquor_earning e %s
                    WHERE e.company_id = %s AND e.form = 'goods' AND e.beneficiary_kind = 'terminal' %s
                      AND COALESCE(latest.result, e.payable) = 'available'
                      AND NOT EXISTS (SELECT FROM liquor_shop_delivery_line l WHERE l.earning_id = e.id AND l.live)
                 ORDER BY e.id""",
                CURRENT_STATE,
                company.id,
                SQL("AND e.partner_id = ANY(%s)", shops.ids) if shops is not None else SQL(),
            )
        )

    def _parts(self):
        """Return {delivery: {product: engine's EarnedGoods}} of the live lines."""
        sums = {}
        for line in self.sudo().line_ids.filtered("live"):
            key, earning = (line.delivery_id, line.earning_id.goods_product_id), line.earning_id
            bottles, worth = sums.get(key, (ZERO, ZERO))
            sums[key] = bottles + decimal(earning.goods_bottles), worth + decimal(earning.amount)
        found = {delivery: {} for delivery in self}
        for (delivery, product), (bottles, worth) in sums.items():
            found[delivery][product] = earned_goods(bottles, worth, delivery.currency_id.decimal_places)
        return found

    def _write_sums(self):
        for delivery, parts in self._parts().items():
            delivery.write({
                "bottles": sum(part.bottles for part in parts.values()),
                "amount": float(sum((part.value for part in parts.values()), ZERO)),
            })

    # ------------------------------------------------------------------ states
    def _move_to(self, state, **values):
        self.lock_for_update()
        wrong = self.filtered(lambda item: state not in FLOW.get(item.state, ()))
        if wrong:
            raise UserError(self.env._("%(name)s has moved on already.", name=wrong[0].name))
        self.sudo().write({"state": state, **values})

    def action_approve(self):
        """Let the goods go: channel finance, and not the author; makes the order in kind."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance lets goods go."))
        take_book_turn(self.env, self.sudo().company_id)
        if self.filtered(lambda item: item.author_id == self.env.user):
            raise UserError(self.env._("Goods for a shop are approved by somebody else than their author."))
        for delivery in self:
            if delivery.way == "distributor" and not delivery.distributor_id:
                raise UserError(self.env._("%(name)s names no distributor who delivers.", name=delivery.name))
        for company, same in self.grouped("company_id").items():
            same._move_to("approved", approved_by_id=self.env.uid, approved_on=today(company))
            same.sudo().with_company(company)._let_go()

    def action_cancel(self):
        """Take a paper back whose goods did not leave yet: they are owed to the shop again."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("liquor_channel.group_finance"):
            raise AccessError(self.env._("Only channel finance takes goods back."))
        take_book_turn(self.env, self.sudo().company_id)
        for delivery in self.sudo():
            if delivery.order_ids.filtered(lambda order: order.state == "sale"):
                raise UserError(
                    self.env._("The goods of %(name)s are on their way: cancel their order first.", name=delivery.name)
                )
        self._move_to("cancelled")
        for delivery in self.sudo():
            delivery.order_ids._action_cancel()
            delivery.line_ids.write({"live": False})
            day = {"date": today(delivery.company_id), "liquor_shop_delivery_id": delivery.id}
            moves = delivery.move_ids.with_context(liquor_own_hand=OWN_HAND)
            moves._reverse_moves([day for _move in moves], cancel=True)

    def action_open_orders(self):
        """Open the orders in kind."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders in Kind"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", self.order_ids.ids)],
        }

    def _portal_domain(self, user):
        """Return the papers a portal user may see: those of his own shop that were approved."""
        partners = user.partner_id | user.partner_id.commercial_partner_id
        return [("partner_id", "in", partners.ids), ("state", "in", ("approved", "delivered"))]
