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
        return self._holder(unit)[1] in TRADE

    @api.model
    def _holder(self, unit):
        """Return (partner id, kind, proof) of the last holder of the bottle or of what it lay in.

        The proof is the id of the scan event; (0, "", 0) where nobody scanned it.
        """
        traced = self.env["liquor.unit.trace"].sudo()._chain_of(self._unit(unit), unit.batch)
        hops = [hop for hop in traced["hops"] if hop.holder and not hop.missing]
        if not hops:
            return 0, "", 0
        proof = hops[-1].movement
        return hops[-1].holder, hops[-1].holder_kind, proof.seq if proof else 0

    def _unit(self, unit):
        return Unit(unit.batch.id, unit.bottles, unit.index)

    @api.model
    def _record(self, claim, unit):
        """Store the opening event of a claim; a bottle that nobody received yet is held, once.

        :return: Opening
        """
        holder, kind, proof = self._holder(unit)
        shipped = kind in TRADE
        values = self._prepare_event_values(claim, unit, holder, kind, shipped)
        # wine that left as gift or tasting wine stays that when it is opened (policies may leave it out)
        values["purpose"] = self.env["liquor.scan.event"].sudo().browse(proof or ()).purpose or None
        if not shipped and claim.state == "waiting":
            return Opening(False)
        [number] = self.env["liquor.scan.event"].sudo()._record([values])
        return Opening(shipped, number, holder, kind, holder if kind == SHOP else 0, values)

    def _prepare_event_values(self, claim, unit, holder, kind, shipped):
        role = self._role(claim, holder, kind)
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
            **self._value(claim, role, shipped),
        }

    def _role(self, claim, holder, kind):
        roles = self.env["liquor.channel.role"].sudo()
        if kind not in TRADE:
            return roles
        partner = self.env["res.partner"].browse(holder)
        return roles._live(partner, kind, claim.business_day, claim.company_id)[:1]

    def _value(self, claim, role, shipped):
        """Value of the opened bottle by the price ladder of the day."""
        if not shipped:
            return {}
        ladders = self.env["liquor.price.ladder"].sudo()
        company = claim.company_id
        price, ladder = ladders._price(company, claim.product_id, role.territory_id, claim.business_day, "retail")
        currency = ladder.currency_id or company.currency_id
        return {"amount": currency.round(price), "currency_id": currency.id, "ladder_id": ladder.id or None}

    # --- what the trade earns ---------------------------------------------------------------------------------

    @api.model
    def _pay(self, claim, opening):
        """Let policies pay for the opening: shop, distributor, guide, as they say."""
        if opening.holder_id:
            self.env["liquor.policy"].sudo()._earn([self._prepare_fact(claim, opening)])

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
