from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.common.money import decimal
from ...engine.policies.eligibility import NOTHING, Movement
from ..partners.channel_role import SPAN_FIELDS


class Scope(NamedTuple):
    """What policies ask about products, places and shops: plain data, read once for a whole batch."""

    products: dict  # product id -> (bottles per case, category ids up to the root)
    territories: dict  # territory id -> ids up to the province
    roles: dict  # partner id -> its RoleSpans
    tree: Mapping = MappingProxyType({})  # sub-distributor -> who supplies it, where commissions are paid
    most_levels: int = 1  # over how many levels the company may pay them
    proven: Mapping = MappingProxyType({})  # shop that changed between scans and reports -> Proven


class LiquorFactScope(models.AbstractModel):
    """Reads what the engine needs to judge facts, in a constant number of queries."""

    _name = "liquor.fact.scope"
    _description = "Surroundings of Facts"

    @api.model
    def _scope(self, company, product_ids, territory_ids, partner_ids, first, last):
        """Surroundings of facts that happened from ``first`` to ``last`` (business days of ``company``)."""
        role_model = self.env["liquor.channel.role"].sudo()
        roles = role_model.search_fetch(
            role_model._domain_live(first, last)
            & Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", list(partner_ids)),
            SPAN_FIELDS,
        )
        return Scope(self._products(product_ids), self._territories(territory_ids), self._by_partner(roles))

    @api.model
    def _changed_shops(self, company, partner_ids=None):
        """Shops that were registered as scanning and as reported ones: {partner id: RoleSpans as registered}.

        :param partner_ids: only these; None for all. One query, and one more where there are such shops.
        """
        role_model = self.env["liquor.channel.role"].sudo()
        role_model.flush_model(["company_id", "partner_id", "kind", "state", "terminal_kind_id"])
        self.env["liquor.terminal.kind"].flush_model(["must_scan"])
        rows = self.env.execute_query(
            SQL(
                """SELECT role.partner_id
                     FROM liquor_channel_role role
                     LEFT JOIN liquor_terminal_kind kind ON kind.id = role.terminal_kind_id
                    WHERE role.company_id = %s AND role.kind = 'terminal' AND role.state <> 'candidate' AND %s
                    GROUP BY role.partner_id
                   HAVING bool_or(COALESCE(kind.must_scan, TRUE)) AND NOT bool_and(COALESCE(kind.must_scan, TRUE))""",
                company.id,
                SQL("TRUE") if partner_ids is None else SQL("role.partner_id = ANY(%s)", list(partner_ids)),
            )
        )
        if not rows:
            return {}
        roles = role_model.search_fetch(
            Domain("company_id", "=", company.id)
            & Domain("kind", "=", "terminal")
            & Domain("partner_id", "in", [partner for (partner,) in rows]),
            SPAN_FIELDS,
            order="id",
        )
        return self._by_partner(roles)

    def _by_partner(self, roles):
        found = {}
        for role in roles:
            span = role._to_span()
            if span:
                found.setdefault(role.partner_id.id, []).append(span)
        return found

    def _products(self, product_ids):
        products = self.env["product.product"].sudo().browse(product_ids)
        products.fetch(["product_tmpl_id"])
        products.product_tmpl_id.fetch(["categ_id", "liquor_bottles_per_case"])
        products.categ_id.fetch(["parent_path"])
        return {
            product.id: (product.liquor_bottles_per_case or 1, self._path(product.categ_id.parent_path))
            for product in products
        }

    def _territories(self, territory_ids):
        territories = (
            self
            .env["liquor.territory"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch([("id", "in", list(territory_ids))], ["parent_path"])
        )
        return {territory.id: self._path(territory.parent_path) for territory in territories}

    def _path(self, parent_path):
        return frozenset(int(step) for step in (parent_path or "").split("/") if step)

    @api.model
    def _live_role(self, scope, partner_id, kinds, day):
        """The partner's role of one of ``kinds`` in force on ``day``, or None."""
        for span in scope.roles.get(partner_id, ()):
            if span.kind in kinds and span.holds(day):
                return span
        return None

    @api.model
    def _shop_of(self, scope, fact):
        """Role of the shop on either side of a fact, or None; the party itself comes first."""
        sides = (fact.get(name) for name in ("partner_id", "counterparty_id"))
        roles = (self._live_role(scope, side, ("terminal",), fact["business_day"]) for side in sides if side)
        return next(filter(None, roles), None)

    @api.model
    def _movement(self, scope, fact):
        """A fact as the engine sees it."""
        per_case, categories = scope.products.get(fact["product_id"], (1, NOTHING))
        shop = self._shop_of(scope, fact)
        return Movement(
            kind=fact["kind"],
            day=fact["business_day"],
            product=fact["product_id"],
            bottles=decimal(fact["bottles"]),
            amount=decimal(fact.get("amount")),
            # a stored number cannot be empty: zero means that the fact does not say it
            untaxed=decimal(fact["amount_untaxed"]) if fact.get("amount_untaxed") else None,
            per_case=per_case,
            purpose=fact.get("purpose") or None,
            terminal_kind=shop.terminal_kind if shop else None,
            categories=categories,
            territories=scope.territories.get(fact.get("territory_id"), NOTHING),
        )
