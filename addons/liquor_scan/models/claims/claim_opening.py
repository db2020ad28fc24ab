from typing import NamedTuple

from odoo import api, fields, models

from ...engine.flow.transitions import GUIDE, WAITER
from ...engine.flow.units import Unit

TRADE = ("terminal", "distributor", "sub_distributor")
SHOP = "terminal"
PERSONS = (GUIDE, WAITER)


class Holder(NamedTuple):
    """Last party of the trade that held a bottle: partner, kind, ids of the events that prove it and its sale."""

    partner_id: int = 0
    kind: str = ""
    proof: int = 0
    sale: int = 0


class Traced(NamedTuple):
    """Who held a bottle, the events that prove it and its sale (empty records where there is none), and thereby the
    shop and the guide of its opening (ids, 0 for nobody)."""

    holder: Holder
    proof: object
    sale: object
    shop_id: int = 0
    guide_id: int = 0


class Opening(NamedTuple):
    """The opening event of a claim and who held the bottle before; `shop_id` is 0 where no shop did.

    `guide_id` is the guide or waiter who scanned the bottle out to the consumer, 0 where nobody did; `proof` is the
    shop's receipt of the bottle or of its case, 0 for a pallet: of that one bottle proves too little.
    """

    shipped: bool
    event_id: int = 0
    holder_id: int = 0
    holder_kind: str = ""
    shop_id: int = 0
    guide_id: int = 0
    values: dict | None = None
    proof: int = 0


class LiquorClaimOpening(models.AbstractModel):
    """A consumer opens a bottle: scan event, custody, and what the opening earns the trade."""

    _name = "liquor.claim.opening"
    _description = "Opening by a Consumer"

    @api.model
    def _is_shipped(self, unit):
        """Whether somebody but the maker held the bottle."""
        return self._holders([unit])[0].kind in TRADE

    @api.model
    def _holders(self, units):
        """Return the last ``Holder`` of each bottle or of what it lay in; an empty one where nobody scanned it."""
        chains = self.env["liquor.unit.trace"].sudo()._chains_of([(self._unit(unit), unit.batch) for unit in units])
        return [self._last_holder(traced["hops"]) for traced in chains]

    def _last_holder(self, hops):
        known = [hop for hop in hops if hop.holder and not hop.missing]
        if not known:
            return Holder()
        sales = [hop.movement.seq for hop in hops if hop.movement and hop.movement.kind == "sell"]
        proof = known[-1].movement
        return Holder(known[-1].holder, known[-1].holder_kind, proof.seq if proof else 0, sales[-1] if sales else 0)

    def _unit(self, unit):
        return Unit(unit.batch.id, unit.bottles, unit.index)

    @api.model
    def _trace(self, units):
        """Who held bottles: a ``Traced`` each, in the order of ``units``; two queries."""
        holders = self._holders(units)
        numbers = {number for holder in holders for number in (holder.proof, holder.sale) if number}
        none = self.env["liquor.scan.event"].sudo()
        events = {0: none, **{event.id: event for event in none.browse(numbers)}}
        return [self._parties(holder, events[holder.proof], events[holder.sale]) for holder in holders]

    def _parties(self, holder, proof, sale):
        shop = holder.partner_id if holder.kind == SHOP else 0
        return Traced(holder, proof, sale, shop, self._seller(sale) if shop else 0)

    @api.model
    def _record(self, pairs, traced=None):
        """Store the opening events of claims; a bottle that nobody received yet is held, once.

        :param list pairs: (claim, LocatedUnit)
        :param traced: what ``_trace`` gave for them, where it was asked before
        :return: list of Opening, in the order of ``pairs``
        """
        traced = traced or self._trace([unit for _claim, unit in pairs])
        scope = self._scope(pairs, [one.holder for one in traced])
        prepared = []
        for (claim, unit), one in zip(pairs, traced, strict=True):
            values = self._prepare_event_values(claim, unit, one.holder, scope)
            # wine that left as gift or tasting wine stays that when it is opened (policies may leave it out)
            prepared.append({**values, "purpose": one.proof.purpose or None})
        fresh = [
            values
            for (claim, _unit), values in zip(pairs, prepared, strict=True)
            if values["status"] == "accepted" or claim.state != "waiting"
        ]
        ids = iter(self.env["liquor.scan.event"].sudo()._record(fresh))
        return [
            self._opening(claim, one, values, ids)._replace(proof=self._receipt(claim, one.proof))
            for (claim, _unit), one, values in zip(pairs, traced, prepared, strict=True)
        ]

    def _seller(self, sale):
        """The guide or waiter who scanned the sale; 0 where the shop did, or nobody."""
        return sale.user_id.partner_id.id if sale and sale.party_kind in PERSONS else 0

    def _receipt(self, claim, event):
        """The receipt that an opening proves: of at most a case."""
        most = claim.product_id.liquor_bottles_per_case or 1
        return event.id if event and event.fact_kind == "received" and event.level <= most else 0

    def _opening(self, claim, traced, values, ids):
        if values["status"] != "accepted" and claim.state == "waiting":
            return Opening(False)
        holder = traced.holder
        return Opening(
            holder.kind in TRADE, next(ids), holder.partner_id, holder.kind, traced.shop_id, traced.guide_id, values
        )

    def _scope(self, pairs, holders):
        """Roles and prices that the claims of one call need: a query per kind, product and place, not per claim.

        :return: (roles by (company, day, kind, partner id), prices by (company, day, product, territory))
        """
        wanted, roles, prices = {}, {}, {}
        for (claim, _unit), holder in zip(pairs, holders, strict=True):
            if holder.kind in TRADE:
                key = claim.company_id, claim.business_day, holder.kind
                wanted.setdefault(key, set()).add(holder.partner_id)
        for (company, day, kind), ids in wanted.items():
            partners = self.env["res.partner"].browse(ids)
            for role in self.env["liquor.channel.role"].sudo()._live(partners, kind, day, company):
                roles.setdefault((company, day, kind, role.partner_id.id), role)
        return roles, prices

    def _prepare_event_values(self, claim, unit, holder, scope):
        shipped, (roles, prices) = holder.kind in TRADE, scope
        none = self.env["liquor.channel.role"]
        role = roles.get((claim.company_id, claim.business_day, holder.kind, holder.partner_id), none)
        return {
            "company_id": claim.company_id.id,
            "kind": "open",
            "status": "accepted" if shipped else "held",
            "reason": None if shipped else "not_shipped",
            "batch_id": unit.batch.id,
            "level": unit.bottles,
            "unit_index": unit.index,
            "code_kind": unit.kind,
            "product_id": claim.product_id.id,
            "bottles": 1,
            "party_kind": "consumer",
            "counterparty_id": holder.partner_id or None,
            "counterparty_kind": holder.kind or None,
            "holder_kind": "consumer" if shipped else None,
            "custody_state": "gone" if shipped else None,
            "user_id": self.env.uid,
            "event_time": claim.claimed_at,
            "received_time": fields.Datetime.now(),
            "business_day": claim.business_day,
            "source": "public",
            "place_source": "none",
            "territory_id": self._place_of(claim, role).id or None,
            "grade": role.grade or None,
            "fact_kind": "opened" if shipped else None,
            "origin_model": claim._name,
            "origin_id": claim.id,
            **(self._value(claim, role, prices) if shipped else {}),
        }

    def _place_of(self, claim, role):
        return role._territory_on(claim.business_day) if role else role.territory_id

    def _value(self, claim, role, prices):
        """Value of the opened bottle by the price ladder of the day."""
        company, day, territory = claim.company_id, claim.business_day, self._place_of(claim, role)
        key = company, day, claim.product_id, territory
        if key not in prices:
            ladders = self.env["liquor.price.ladder"].sudo()
            prices[key] = ladders._price(company, claim.product_id, territory, day, "retail")
        price, ladder = prices[key]
        currency = ladder.currency_id or company.currency_id
        return {"amount": currency.round(price), "currency_id": currency.id, "ladder_id": ladder.id or None}

    # --- what the trade earns ---------------------------------------------------------------------------------

    @api.model
    def _pay(self, pairs):
        """Let policies pay for openings: shop, distributor, guide, as they say; an opening proves the receipt (R9 a).

        :param list pairs: (claim, Opening)
        """
        facts = [self._prepare_fact(claim, opening) for claim, opening in pairs if opening.holder_id]
        if facts:
            self.env["liquor.policy"].sudo()._earn(facts)
        receipts = {opening.proof for _claim, opening in pairs if opening.shop_id and opening.proof}
        self.env["liquor.scan.payer"]._release_events(receipts, self.env._("A bottle of it was opened"))

    def _prepare_fact(self, claim, opening):
        values = opening.values
        return {
            "key": f"liquor.scan.event/{opening.event_id}",
            "kind": "opened",
            "company_id": claim.company_id.id,
            "partner_id": opening.holder_id,
            "counterparty_id": False,
            "guide_id": opening.guide_id or False,
            "product_id": claim.product_id.id,
            "bottles": 1,
            "amount": values["amount"],
            "currency_id": values["currency_id"],
            "event_time": values["event_time"],
            "business_day": values["business_day"],
            "territory_id": values["territory_id"] or False,
            "grade": values["grade"] or False,
            "purpose": values["purpose"] or False,
            "source_model": "liquor.scan.event",
            "source_id": opening.event_id,
        }
