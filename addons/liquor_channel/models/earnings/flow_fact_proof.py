from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...engine.common.money import ZERO, decimal
from ...engine.partners.roles import NEVER_ENDS, PURCHASES
from ...engine.policies.bases import PartySum, ProvenRow
from ...engine.policies.proof import Proof, Purchase, looked_at_since, part_of, prove, stretches
from .flow_fact import FACT_COLUMNS

FIGURES = ("bottles", "amount", "amount_untaxed")


class Proven(NamedTuple):
    """Purchases of one shop that changed between scans and reports, and how much of each counts."""

    spans: list  # RoleSpans in the order of registration
    facts: Mapping[str, dict]  # key -> fact with ``basis``, figures are Decimals or None
    proofs: Mapping[str, Proof]

    @classmethod
    def of(cls, spans, facts):
        """Judge the facts of a shop."""
        own = cls(spans, facts, {})
        return own._replace(proofs=prove(spans, own.purchases()))

    def counted(self, key):
        """Return the fact with the figures that count."""
        fact, part = self.facts[key], self.proofs[key].part
        return {**fact, **{name: part_of(fact[name], part) for name in FIGURES if fact[name] is not None}}

    def purchases(self):
        """Return the facts as the engine takes them."""
        return [
            Purchase(key, fact["basis"], fact["business_day"], fact["product_id"] or None, fact["bottles"] or ZERO)
            for key, fact in self.facts.items()
        ]

    def trace(self, key):
        """Return how much of a fact counts, and which facts told of the rest, as plain data."""
        proof = self.proofs[key]
        met = [(self.facts[other], bottles) for other, bottles in proof.met]
        return {
            "part": str(proof.part),
            "bottles": str(self.facts[key]["bottles"] or ZERO),
            "met": [[fact["basis"], fact["business_day"].isoformat(), str(bottles)] for fact, bottles in met],
        }


class LiquorFlowFact(models.Model):
    """Purchases of shops that registered anew as the other kind: goods that were scanned and reported count once."""

    _inherit = "liquor.flow.fact"

    @api.model
    def _proven(self, company, partner_ids=None, last=None, since=None, more=()):
        """Judge every purchase of the shops that changed between scans and reports, in three queries at most.

        :param partner_ids: only these shops; None for all
        :param last: last business day; what happens later never changes what was counted before
        :param since: facts from this day on are wanted, and in any case those that decide about them
        :param more: fact dicts that count as well, stored or not
        :return: {shop id: Proven}
        """
        shops = self.env["liquor.fact.scope"]._changed_shops(company, partner_ids)
        if not shops:
            return {}
        first = min(looked_at_since(stretches(spans)) for spans in shops.values())
        last = last or NEVER_ENDS
        found = {shop: {} for shop in shops}
        for fact in self._purchases(company, list(shops), min(first, since or first), last):
            found[_shop_of(fact, shops)][fact["key"]] = fact
        for fact in more:
            known = _own_purchase(fact, shops)
            if known:
                found[_shop_of(known, shops)][known["key"]] = known
        return {shop: Proven.of(spans, found[shop]) for shop, spans in shops.items()}

    def _purchases(self, company, shops, first, last):
        """Facts that prove purchases of these shops, each with its ``basis``: list of dicts, figures as Decimals."""
        sides = {
            "received": SQL(
                "(f.partner_id = ANY(%(shops)s) OR f.kind = 'returned' AND f.counterparty_id = ANY(%(shops)s))",
                shops=shops,
            ),
            "reported": SQL("f.counterparty_id = ANY(%s) AND f.partner_id <> f.counterparty_id", shops),
        }
        queries = [
            SQL(
                """SELECT %s AS basis, %s FROM (%s) f
                    WHERE f.company_id = %s AND f.kind IN (%s, 'returned') AND %s
                      AND f.business_day BETWEEN %s AND %s""",
                basis,
                SQL(", ").join(map(_column, FACT_COLUMNS)),
                self._union(sources),
                company.id,
                basis,
                sides[basis],
                first,
                last,
            )
            for basis in sorted(PURCHASES)
            for sources in [self._sources_of([basis, "returned"])]
            if sources
        ]
        self.env.flush_all()
        rows = self.env.execute_query(SQL(" UNION ALL ").join(queries)) if queries else []
        facts = [dict(zip(("basis", *FACT_COLUMNS), row, strict=True)) for row in rows]
        for fact in facts:
            fact.update({name: Decimal(fact[name]) for name in FIGURES if fact[name] is not None})
        return facts


def to_rows(own, bases, kinds, first, last):
    """What cumulative policies count of one shop's purchases from ``first`` to ``last``: {fact key: ProvenRow}.

    :param bases: which proofs; ``kinds`` tells whether what went back counts
    """
    return {
        key: _to_row(own, key)
        for key, fact in own.facts.items()
        if fact["basis"] in bases and first <= fact["business_day"] <= last
        if fact["kind"] != "returned" or "returned" in kinds
    }


def _column(name):
    """SQL of a column; figures are text, so that nothing is lost on the way to a Decimal."""
    return SQL("f.%s::text" if name in FIGURES else "f.%s", SQL.identifier(name))


def _shop_of(fact, shops):
    """The shop whose purchase a fact is."""
    sides = ("counterparty_id",) if fact["basis"] == "reported" else ("partner_id", "counterparty_id")
    return next(fact[side] for side in sides if fact[side] in shops)


def _own_purchase(fact, shops):
    """A fact as ``_purchases`` gives it, if it is a purchase of one of these shops; else None."""
    if fact["kind"] not in PURCHASES:
        return None
    shop = fact.get("counterparty_id" if fact["kind"] == "reported" else "partner_id")
    if shop not in shops or (fact["kind"] == "reported" and shop == fact["partner_id"]):
        return None
    figures = {name: decimal(fact[name]) if fact.get(name) else None for name in FIGURES}
    return {**dict.fromkeys(FACT_COLUMNS), **fact, **figures, "basis": fact["kind"]}


def _to_row(one, key):
    """The counted part of a fact, as sums of facts are given."""
    fact, proof = one.counted(key), one.proofs[key]
    day = fact["business_day"]
    shop_kind = next((span.terminal_kind for span in one.spans if span.holds(day)), None)
    row = PartySum(
        fact["partner_id"],
        fact["counterparty_id"] or None,
        fact["territory_id"] or None,
        fact["purpose"] or None,
        fact["currency_id"] or None,
        day,
        (fact["product_id"] or None,),
        [fact["bottles"] or ZERO],
        [fact["amount"] or ZERO],
        [fact["amount_untaxed"]],
        (int(bool(proof.part)),),
    )
    whole = one.facts[key]["bottles"] or ZERO
    return ProvenRow(row, shop_kind, whole - row.bottles[0] if proof.met else ZERO)
