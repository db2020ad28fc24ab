from typing import NamedTuple

from odoo import api, fields, models

from ...engine.flow.units import Unit

TRADE = ("terminal", "distributor", "sub_distributor")
SHOP = "terminal"


class Opening(NamedTuple):
    """The opening event of a claim and who held the bottle before; `shop_id` is 0 where no shop did."""

    shipped: bool
    event_id: int = 0
    holder_id: int = 0
    holder_kind: str = ""
    shop_id: int = 0
    values: dict | None = None


class LiquorClaimOpening(models.AbstractModel):
    """A consumer opens a bottle: scan event, custody, and what the opening earns the trade."""

    _name = "liquor.claim.opening"
    _description = "Opening by a Consumer"

    @api.model
    def _is_shipped(self, unit):
        """Whether somebody but the maker held the bottle."""
        return self._holders([unit])[0][1] in TRADE

    @api.model
    def _holders(self, units):
        """Return (partner id, kind, proof) of the last holder of each bottle or of what it lay in.

        The proof is the id of the scan event; (0, "", 0) where nobody scanned it.
        """
        chains = self.env["liquor.unit.trace"].sudo()._chains_of([(self._unit(unit), unit.batch) for unit in units])
        return [self._last_holder(traced["hops"]) for traced in chains]

    def _last_holder(self, hops):
        known = [hop for hop in hops if hop.holder and not hop.missing]
        if not known:
            return 0, "", 0
        proof = known[-1].movement
        return known[-1].holder, known[-1].holder_kind, proof.seq if proof else 0

    def _unit(self, unit):
        return Unit(unit.batch.id, unit.bottles, unit.index)

    @api.model
    def _record(self, pairs):
        """Store the opening events of claims; a bottle that nobody received yet is held, once.

        :param list pairs: (claim, LocatedUnit)
        :return: list of Opening, in the order of ``pairs``
        """
        holders = self._holders([unit for _claim, unit in pairs])
        # wine that left as gift or tasting wine stays that when it is opened (policies may leave it out)
        proofs = self.env["liquor.scan.event"].sudo().browse({proof for _holder, _kind, proof in holders if proof})
        purposes = {proof.id: proof.purpose for proof in proofs}
        scope = self._scope(pairs, holders)
        prepared = []
        for (claim, unit), (holder, kind, proof) in zip(pairs, holders, strict=True):
            values = self._prepare_event_values(claim, unit, holder, kind, scope)
            prepared.append({**values, "purpose": purposes.get(proof) or None})
        fresh = [
            values
            for (claim, _unit), values in zip(pairs, prepared, strict=True)
            if values["status"] == "accepted" or claim.state != "waiting"
        ]
        numbers = iter(self.env["liquor.scan.event"].sudo()._record(fresh))
        return [
            self._opening(claim, holder, kind, values, numbers)
            for (claim, _unit), (holder, kind, _proof), values in zip(pairs, holders, prepared, strict=True)
        ]

    def _opening(self, claim, holder, kind, values, numbers):
        if values["status"] != "accepted" and claim.state == "waiting":
            return Opening(False)
        return Opening(kind in TRADE, next(numbers), holder, kind, holder if kind == SHOP else 0, values)

    def _scope(self, pairs, holders):
        """Roles and prices that the claims of one call need: a query per kind, product and place, not per claim.

        :return: (roles by (company, day, kind, partner id), prices by (company, day, product, territory))
        """
        wanted, roles, prices = {}, {}, {}
        for (claim, _unit), (holder, kind, _proof) in zip(pairs, holders, strict=True):
            if kind in TRADE:
                wanted.setdefault((claim.company_id, claim.business_day, kind), set()).add(holder)
        for (company, day, kind), ids in wanted.items():
            partners = self.env["res.partner"].browse(ids)
            for role in self.env["liquor.channel.role"].sudo()._live(partners, kind, day, company):
                roles.setdefault((company, day, kind, role.partner_id.id), role)
        return roles, prices

    def _prepare_event_values(self, claim, unit, holder, kind, scope):
        shipped, (roles, prices) = kind in TRADE, scope
        none = self.env["liquor.channel.role"]
        role = roles.get((claim.company_id, claim.business_day, kind, holder), none)
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
            "counterparty_id": holder or None,
            "counterparty_kind": kind or None,
            "holder_kind": "consumer" if shipped else None,
            "custody_state": "gone" if shipped else None,
            "user_id": self.env.uid,
            "event_time": claim.claimed_at,
            "received_time": fields.Datetime.now(),
            "business_day": claim.business_day,
            "source": "public",
            "place_source": "none",
            "territory_id": role.territory_id.id or None,
            "grade": role.grade or None,
            "fact_kind": "opened" if shipped else None,
            "origin_model": claim._name,
            "origin_id": claim.id,
            **(self._value(claim, role, prices) if shipped else {}),
        }

    def _value(self, claim, role, prices):
        """Value of the opened bottle by the price ladder of the day."""
        company, day, territory = claim.company_id, claim.business_day, role.territory_id
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
        """Let policies pay for openings: shop, distributor, guide, as they say.

        :param list pairs: (claim, Opening)
        """
        facts = [self._prepare_fact(claim, opening) for claim, opening in pairs if opening.holder_id]
        if facts:
            self.env["liquor.policy"].sudo()._earn(facts)

    def _prepare_fact(self, claim, opening):
        values = opening.values
        return {
            "key": f"liquor.scan.event/{opening.event_id}",
            "kind": "opened",
            "company_id": claim.company_id.id,
            "partner_id": opening.holder_id,
            "counterparty_id": False,
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
