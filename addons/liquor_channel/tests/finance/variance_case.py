"""Planted movements: a source of facts of the tests, as any room may add one."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tools import SQL

from odoo.addons.liquor_member.tools.business_day import today

from ..money_case import MoneyCase

COLUMNS = {
    "kind": "varchar",
    "partner_id": "int4",
    "counterparty_id": "int4",
    "product_id": "int4",
    "bottles": "numeric",
    "amount": "numeric",
    "event_time": "timestamp",
    "business_day": "date",
    "territory_id": "int4",
    "purpose": "varchar",
    "source_model": "varchar",
}
SOURCE = "liquor.planted"


class VarianceCase(MoneyCase):
    """Matches a company that has nothing but what the test planted."""

    def setUp(self):
        super().setUp()
        self.planted = []
        facts = type(self.env["liquor.flow.fact"])
        original = facts._fact_queries
        match = type(self.env["liquor.variance.match"])
        models = match._fact_models
        self.enterContext(patch.object(facts, "_fact_queries", lambda this: [*original(this), self._source()]))
        self.enterContext(patch.object(match, "_fact_models", lambda this: [*models(this), SOURCE]))
        self.variances = self.env["liquor.variance"]

    def _source(self):
        rows = [
            SQL("(%s)", SQL(", ").join([SQL("%s", number), *(SQL("%s", row.get(name)) for name in COLUMNS)]))
            for number, row in enumerate(self.planted, start=1)
        ] or [SQL("(0%s)", SQL(", NULL" * len(COLUMNS)))]
        names = SQL(", ").join(SQL.identifier(name) for name in ("number", *COLUMNS))
        columns = {name: SQL("planted.%s", SQL.identifier(name)) for name in COLUMNS}
        return {
            "kinds": ("shipped", "received", "opened", "returned", "reported"),
            "returns_of": ("shipped", "received"),
            "columns": {
                **columns,
                "key": SQL("%s || '/' || planted.number", SOURCE),
                "company_id": SQL("%s", self.company.id),
                "currency_id": SQL("%s", self.currency.id),
                "source_id": SQL("planted.number"),
            },
            "from": SQL("FROM (VALUES %s) AS planted (%s) WHERE planted.number > 0", SQL(", ").join(rows), names),
        }

    def fact(self, kind, partner, bottles, counterparty=None, day="2026-03-10", **values):
        """Plant one movement worth 100 a bottle; returns its key."""
        self.planted.append({
            "kind": kind,
            "partner_id": partner.id if partner else None,
            "counterparty_id": counterparty.id if counterparty else None,
            "product_id": self.product.id,
            "bottles": bottles,
            "amount": 100 * bottles,
            "event_time": f"{day} 04:00:00",
            "business_day": day,
            "territory_id": self.county.id,
            "source_model": "stock.move" if kind == "shipped" else SOURCE,
            **values,
        })
        return f"{SOURCE}/{len(self.planted)}"

    def match(self, *classes, day=None):
        """Match and return the live variances of these classes."""
        self.env["liquor.variance.match"]._match(self.company, day, classes or None)
        domain = [("company_id", "=", self.company.id), ("state", "in", ("open", "carried"))]
        if classes:
            domain.append(("variance_class", "in", classes))
        return self.variances.search(domain, order="id")

    def ago(self, days):
        return today(self.company) - timedelta(days=days)
